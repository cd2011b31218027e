import { ZenLeadError } from '../errors.ts';
import { errorOfAnswer } from '../kube/answer.ts';
import type { Described } from '../kube/target.ts';
import type { RawObject } from './raw.ts';

export interface WatchEvent {
  readonly type: 'put' | 'delete' | 'bookmark';
  readonly object: RawObject;
  /** Where a watch that is begun again after this event goes on. */
  readonly resourceVersion: string;
}

const TYPES: Readonly<Record<string, WatchEvent['type']>> = {
  ADDED: 'put',
  MODIFIED: 'put',
  DELETED: 'delete',
  BOOKMARK: 'bookmark',
};

/**
 * One line of a watch. Throws the ApiError that an ERROR event carries (410 when the history is gone), and ZenLeadError
 * InvalidAnswer for a line that is no event.
 */
export function readWatchEvent(line: unknown, call: Described): WatchEvent {
  const event = (line ?? {}) as { readonly type?: unknown; readonly object?: unknown };
  const object = (event.object ?? {}) as RawObject & { readonly code?: unknown };
  if (event.type === 'ERROR') {
    const status = typeof object.code === 'number' ? object.code : 500;
    throw errorOfAnswer(call, { status, headers: {}, text: JSON.stringify(object) }, 0);
  }
  const type = TYPES[String(event.type)];
  const resourceVersion: unknown = object.metadata?.resourceVersion;
  if (type === undefined || typeof resourceVersion !== 'string') {
    throw new ZenLeadError(
      'InvalidAnswer',
      `the watch of ${call.resource} at ${call.path} sent a line that is no event`,
    );
  }
  return { type, object, resourceVersion };
}
