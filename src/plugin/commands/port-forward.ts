/** kubectl leader port-forward: local ports that lead to the leader, whoever that is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure } from '../failure.ts';
import { findOne } from '../find.ts';
import { forward, type Forward } from '../forwarder.ts';
import type { Picture } from '../picture.ts';
import { forwardArguments, wantedPorts, type Wanted } from '../ports.ts';
import type { Session } from '../session.ts';
import { mustExist } from '../target.ts';
import { published, type Published } from '../waiting.ts';

export interface PortForwardOptions {
  /** Where to listen, as kubectl takes it. */
  readonly address?: string;
}

/** Milliseconds between two looks at who leads. */
const LOOK_MS = 500;
/** After a failover the next leader may take so long to be known. */
const PATIENCE_MS = 15_000;

/** Ends by Ctrl-C, or when it cannot go on. */
export async function portForward(
  session: Session,
  service: string,
  ports: readonly string[],
  options: PortForwardOptions,
): Promise<void> {
  const picture = findOne(await session.snapshot(), session.namespace, service);
  mustExist(picture);
  const wanted = wantedPorts(ports, picture.input.actual?.ports ?? []);
  let listenedAt: number | undefined;
  while (!session.signal.aborted) {
    const leader = await nextLeader(session, picture);
    if (leader === undefined) break;
    const running = start(session, leader, wanted, options);
    const code = await endOrChange(session, picture, leader, running);
    if (running.hasListened()) listenedAt = performance.now();
    if (code === undefined) continue;
    const isPatient = listenedAt !== undefined && performance.now() - listenedAt < PATIENCE_MS;
    if (!isPatient)
      throw new CommandFailure(
        'failed',
        `kubectl port-forward to pod ${leader.pod ?? ''} ended with ${String(code)}`,
      );
    await pause(LOOK_MS, session.signal);
  }
}

function look(session: Session, { namespace, name, slices }: Picture): Promise<Published> {
  return published(session.api, namespace, name, slices?.primary ?? 'IPv4');
}

/** Waits for one; undefined: the user has ended it. */
async function nextLeader(session: Session, picture: Picture): Promise<Published | undefined> {
  let told = false;
  while (!session.signal.aborted) {
    const found = await look(session, picture);
    if (found.pod !== undefined) return found;
    if (!told) session.terminal.err(`nobody leads ${picture.name}; waiting for a leader (Ctrl-C ends it)\n`);
    told = true;
    await pause(LOOK_MS, session.signal);
  }
  return undefined;
}

function start(
  session: Session,
  leader: Published,
  wanted: readonly Wanted[],
  { address }: PortForwardOptions,
): Forward {
  const { terminal, options, namespace, env } = session;
  const pod = leader.pod ?? '';
  terminal.err(`pod ${pod} leads\n`);
  const args = [
    ...(options.context === undefined ? [] : [`--context=${options.context}`]),
    `--namespace=${namespace}`,
    ...(address === undefined ? [] : [`--address=${address}`]),
    `pod/${pod}`,
    ...forwardArguments(wanted, leader.slice?.ports ?? []),
  ];
  const out = (text: string): void => {
    terminal.out(text);
  };
  const err = (text: string): void => {
    terminal.err(text);
  };
  return forward({ args, env, out, err });
}

/** @returns how kubectl ended; undefined where it was ended, because somebody else leads or the user wants no more */
async function endOrChange(
  session: Session,
  picture: Picture,
  leader: Published,
  running: Forward,
): Promise<number | null | undefined> {
  const uid = leader.memory.podUID;
  try {
    for (;;) {
      const ended = await Promise.race([
        running.ended.then((code) => ({ code })),
        pause(LOOK_MS, session.signal).then(() => undefined),
      ]);
      if (session.signal.aborted) return undefined;
      if (ended !== undefined) return ended.code;
      const { memory, pod } = await look(session, picture);
      if (pod !== undefined && memory.podUID !== uid) return undefined;
    }
  } finally {
    await running.stop();
  }
}

/** Ends early with the signal, without an error. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
