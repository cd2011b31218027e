/**
 * kubectl port-forward to one pod. A plugin is started by a kubectl, which already knows every way to log in, several
 * ports, and the protocols of old and new API servers; a second implementation would know less of it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { CommandFailure } from './failure.ts';

export interface Forward {
  /** kubectl's exit status, or null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** It has listened: the ports were free, and the pod was there. */
  readonly hasListened: () => boolean;
  readonly stop: () => Promise<void>;
}

export interface ForwardOptions {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export function forward({ args, env, out, err }: ForwardOptions): Forward {
  const child = spawn('kubectl', ['port-forward', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let listened = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    listened ||= text.includes('Forwarding from');
    out(text);
  });
  child.stderr.setEncoding('utf8').on('data', err);
  const ended = endOf(child);
  // Whoever stops it does not ask how it ended.
  ended.catch(() => undefined);
  return {
    ended,
    hasListened: () => listened,
    stop: async () => {
      child.kill();
      await ended.catch(() => undefined);
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  } catch (cause) {
    const message = 'kubectl could not be started; port-forward needs it in PATH';
    throw new CommandFailure('failed', message, { cause });
  }
}
