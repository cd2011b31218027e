import { open } from 'node:fs/promises';
import { hasCode } from '../errors.ts';

/** The part of an audit.k8s.io/v1 Event that tests look at. */
export interface AuditEvent {
  auditID: string;
  /** get, list, watch, create, update, patch, delete, deletecollection */
  verb: string;
  requestURI: string;
  user: { username: string; groups?: string[] };
  userAgent?: string;
  objectRef?: {
    resource: string;
    namespace?: string;
    name?: string;
    apiGroup?: string;
    subresource?: string;
  };
  responseStatus?: { code: number };
  requestReceivedTimestamp: string;
  stageTimestamp: string;
}

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

export function isWrite(event: AuditEvent): boolean {
  return WRITES.has(event.verb);
}

/** The events from byte `position` on, and the position after the last whole one. */
export async function readAudit(
  file: string,
  position: number,
): Promise<{ events: AuditEvent[]; position: number }> {
  const text = await readFrom(file, position);
  // The last line may still be being written.
  const end = text.lastIndexOf('\n') + 1;
  const events = text
    .slice(0, end)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent);
  return { events, position: position + Buffer.byteLength(text.slice(0, end)) };
}

async function readFrom(file: string, position: number): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const length = Math.max(0, size - position);
      if (length === 0) return '';
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}
