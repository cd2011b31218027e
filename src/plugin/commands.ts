/** What the plugin can do: one entry for each command, from which come parsing, --help and completion. */
import { MAX_DURATION_MS, parseDuration } from '../plan/duration.ts';
import { disable, enable } from './commands/enable.ts';
import { explain } from './commands/explain.ts';
import { history } from './commands/history.ts';
import { list } from './commands/list.ts';
import { pause, resume } from './commands/pause.ts';
import { portForward } from './commands/port-forward.ts';
import { status } from './commands/status.ts';
import { switchover } from './commands/switchover.ts';
import { CommandFailure } from './failure.ts';
import type { Session } from './session.ts';

export interface Flag {
  /** As commander takes it: "--to <pod>". */
  readonly syntax: string;
  readonly text: string;
  readonly required?: boolean;
}

/** Values of the flags of one command, by their camelCase names. */
export type Flags = Readonly<Record<string, unknown>>;

export interface Command {
  readonly name: string;
  readonly text: string;
  /** As commander takes it: "<service>", "[ports...]". */
  readonly args: readonly string[];
  /** What completion offers for <service>. */
  readonly takes?: 'led' | 'source';
  readonly flags: readonly Flag[];
  /** -o may be given. */
  readonly prints: boolean;
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  readonly run: (session: Session, args: readonly string[], flags: Flags) => Promise<void>;
}

const SERVICE = '<service>';
const DEFAULT_TIMEOUT = '30s';

export const COMMANDS: readonly Command[] = [
  {
    name: 'list',
    text: 'all leader Services: who leads, since when, of how many candidates',
    args: [],
    flags: [{ syntax: '-A, --all-namespaces', text: 'in all namespaces' }],
    prints: true,
    examples: [
      ['list -A', 'the whole cluster'],
      ['list -o wide', 'with strategy, node, zone and address'],
    ],
    run: async (session, _args, flags) => list(session, flags['allNamespaces'] === true),
  },
  {
    name: 'status',
    text: 'one leader Service: leader, candidates and why they may not lead, last leaders, conditions, EndpointSlices',
    args: [SERVICE],
    takes: 'led',
    flags: [],
    prints: true,
    examples: [['status postgres', 'by the name of the Service, or postgres-leader']],
    run: async (session, args) => status(session, first(args)),
  },
  {
    name: 'explain',
    text: "who would lead, and why: runs zen-lead's own plan on what there is now, and writes nothing",
    args: [SERVICE],
    takes: 'led',
    flags: [],
    prints: true,
    examples: [['explain postgres', 'a dry run']],
    run: async (session, args) => explain(session, first(args)),
  },
  {
    name: 'switchover',
    text: 'move the leader to a pod, once',
    args: [SERVICE],
    takes: 'led',
    flags: [
      { syntax: '--to <pod>', text: 'the pod that is to lead', required: true },
      { syntax: '--wait', text: 'until it leads, or it is refused' },
      {
        syntax: '--timeout <duration>',
        text: `with --wait: give up after so long (default: ${DEFAULT_TIMEOUT})`,
      },
    ],
    prints: true,
    examples: [['switchover postgres --to postgres-1 --wait', 'before maintenance of a node']],
    run: async (session, args, flags) =>
      switchover(session, first(args), {
        to: String(flags['to']),
        wait: flags['wait'] === true,
        timeoutMs: timeout(flags['timeout']),
      }),
  },
  {
    name: 'pause',
    text: 'the leader does not move; it is withdrawn while it may not lead',
    args: [SERVICE],
    takes: 'led',
    flags: [],
    prints: true,
    examples: [['pause postgres', 'nobody else leads, whatever happens']],
    run: async (session, args) => pause(session, first(args)),
  },
  {
    name: 'resume',
    text: 'end a pause',
    args: [SERVICE],
    takes: 'led',
    flags: [],
    prints: true,
    examples: [['resume postgres', 'the leader moves again when it must']],
    run: async (session, args) => resume(session, first(args)),
  },
  {
    name: 'history',
    text: 'who led before, and why no longer',
    args: [SERVICE],
    takes: 'led',
    flags: [],
    prints: true,
    examples: [['history postgres -o wide', 'with what the Events say']],
    run: async (session, args) => history(session, first(args)),
  },
  {
    name: 'enable',
    text: 'give a Service a leader Service, by annotation',
    args: [SERVICE],
    takes: 'source',
    flags: [],
    prints: true,
    examples: [['enable postgres', 'makes postgres-leader']],
    run: async (session, args) => enable(session, first(args)),
  },
  {
    name: 'disable',
    text: 'take the annotation away: the leader Service is deleted',
    args: [SERVICE],
    takes: 'led',
    flags: [],
    prints: true,
    examples: [['disable postgres', 'postgres-leader goes']],
    run: async (session, args) => disable(session, first(args)),
  },
  {
    name: 'port-forward',
    text: "local ports to the leader's pod, which kubectl port-forward cannot do for a Service without selector; follows a failover",
    args: [SERVICE, '[ports...]'],
    takes: 'led',
    flags: [{ syntax: '--address <addresses>', text: 'where to listen (default: localhost)' }],
    prints: false,
    examples: [
      ['port-forward postgres', 'all TCP ports of postgres-leader'],
      ['port-forward postgres 15432:5432', 'localhost:15432 to port 5432 of postgres-leader'],
    ],
    run: async (session, [service = '', ...ports], { address }) =>
      portForward(session, service, ports, typeof address === 'string' ? { address } : {}),
  },
];

function first(args: readonly string[]): string {
  return args[0] ?? '';
}

function timeout(given: unknown): number {
  const text = typeof given === 'string' ? given : DEFAULT_TIMEOUT;
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  const accepted = `a duration such as 5s or 1m30s, at most ${MAX_DURATION_MS / 3_600_000}h`;
  throw new CommandFailure('usage', `--timeout ${JSON.stringify(text)}: expected ${accepted}`);
}
