import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hasCode } from '../errors.ts';

const LOWEST = 10_000;
/** Start of Linux's default range of ephemeral ports. */
const DEFAULT_EPHEMERAL = 32_768;

/**
 * Free ports of 127.0.0.1, below the ephemeral range. A port that the kernel hands out for outgoing
 * connections could be taken while a server restarts on it, even by a client that is trying to reach it.
 */
export async function freePorts(count: number): Promise<number[]> {
  const end = Math.max(ephemeralStart(), LOWEST + 10_000);
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(LOWEST, end);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

function ephemeralStart(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)[0]);
  } catch {
    return DEFAULT_EPHEMERAL;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE', 'EACCES')) return false;
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
