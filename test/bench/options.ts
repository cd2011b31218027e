/** The bench's command line. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Side } from './workload.ts';

export interface BenchOptions {
  /** On each side. */
  readonly services: number;
  /** A third side: the operator again, asked by one LeaderPolicy per Service. */
  readonly policies: boolean;
  /** Failovers a second. */
  readonly rate: number;
  /** Seconds of steady failovers on each side. */
  readonly duration: number;
  /** Leaders lost at once; 0: no bursts. */
  readonly burst: number;
  /** Bursts on each side. */
  readonly bursts: number;
  /** Seconds from the last failover to the last look at the memory. */
  readonly settle: number;
  readonly seed: number;
  /** The operator's entry. */
  readonly operator: string;
  /** More flags for the operator. */
  readonly operatorArgs: readonly string[];
  /** More flags for the Node.js of operator and bare loop. */
  readonly nodeArgs: readonly string[];
  /** Where the results go as JSON. */
  readonly json?: string;
}

export const PROFILES = {
  quick: { services: 100, rate: 20, duration: 30, burst: 50, bursts: 3, settle: 60 },
  full: { services: 1000, rate: 20, duration: 60, burst: 200, bursts: 3, settle: 60 },
} as const;

/** Those that take turns; all of them have the same objects. */
export function sidesOf({ policies }: Pick<BenchOptions, 'policies'>): readonly Side[] {
  return policies ? ['annotations', 'policies', 'bare'] : ['annotations', 'bare'];
}

/** A failed pod is away for about two seconds; no Service may be asked for again while it is. */
const SERVICES_PER_RATE = 3;

type Given = Partial<BenchOptions> & {
  readonly profile: keyof typeof PROFILES;
  readonly operatorArg: readonly string[];
  readonly nodeArg: readonly string[];
};

/** `argv` without node and script. Prints and exits for --help and for what it cannot take (status 2). */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const command = commandLine();
  command.parse(argv, { from: 'user' });
  const { profile, operatorArg, nodeArg, ...given } = command.opts<Given>();
  const defaults = {
    policies: false,
    seed: 1,
    operator: 'dist/zen-lead.js',
    operatorArgs: operatorArg,
    nodeArgs: nodeArg,
  };
  const options: BenchOptions = { ...defaults, ...PROFILES[profile], ...given };
  const { services, rate, burst } = options;
  if (burst > services)
    command.error(`error: --burst ${burst}: expected at most as many as --services (${services})`);
  if (rate * SERVICES_PER_RATE > services) {
    command.error(`error: --rate ${rate}: expected at most a third of --services (${services})`);
  }
  return options;
}

function commandLine(): Command {
  return new Command('make bench ARGS="..."')
    .description(
      'Times failovers of the operator on a real control plane, against kube-controller-manager and a bare loop.',
    )
    .usage('')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .configureHelp({ helpWidth: 110 })
    .addOption(profileOption())
    .option('--services <number>', 'Services with 3 pods each, on each side', integer(1, 10_000))
    .option('--policies', 'a third side: as many Services that the operator leads by a LeaderPolicy each')
    .option('--rate <number>', 'failovers a second', integer(1, 1_000))
    .option('--duration <seconds>', 'of steady failovers, on each side', integer(1, 86_400))
    .option('--burst <number>', 'leaders lost at once; 0: no bursts', integer(0, 10_000))
    .option('--bursts <number>', 'bursts on each side', integer(1, 100))
    .option('--settle <seconds>', 'from the last failover to the last look at the memory', integer(0, 3_600))
    .option('--seed <number>', 'for the order of Services and the jitter (default: 1)', integer(0, 2 ** 31))
    .option('--json <file>', 'also write the results there, for machines')
    .option('--operator <file>', 'the operator to measure (default: dist/zen-lead.js)')
    .option('--operator-arg <flag>', 'one more flag for the operator; repeatable', collect, [])
    .option('--node-arg <flag>', 'one more flag for the Node.js of both loops; repeatable', collect, [])
    .addHelpText('after', EXAMPLES);
}

function profileOption(): Option {
  const names = Object.keys(PROFILES);
  const told = Object.entries(PROFILES).map(
    ([name, { services, rate, duration, burst }]) =>
      `${name}: ${services} Services, ${rate}/s for ${duration} s, ${burst} at once`,
  );
  return new Option('--profile <name>', told.join('\n')).choices(names).default('quick');
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

const EXAMPLES = `
Examples (a flag goes before the profile):
  make bench                                       about 4 minutes
  make bench ARGS="--profile full"                 about 8 minutes
  make bench ARGS=--policies
  make bench ARGS="--rate 5 --json out/bench.json"
  make bench ARGS="--node-arg=--cpu-prof --node-arg=--cpu-prof-dir=out"
`;
