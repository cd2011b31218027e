/** The command line and its help; what the values mean is in settings.ts. */
import { Command, CommanderError, Option } from 'commander';
import { ZenLeadError } from './errors.ts';
import { COMMIT, VERSION } from './version.ts';

const SCOPE = 'What it watches:';
const SERVERS = 'Where it listens:';
const BEHAVIOUR = 'How it works:';

/** Flags with a value. Each is also read from the variable that variableOf() names. */
const VALUE_FLAGS = {
  '--namespace': [SCOPE, '<name>', 'a namespace; repeatable, or a comma-separated list (default: its own)'],
  '--metrics-bind-address': [
    SERVERS,
    '<address>',
    'metrics at /metrics; "0" turns them off (default: ":8080")',
  ],
  '--health-probe-bind-address': [
    SERVERS,
    '<address>',
    'probes at /healthz and /readyz; "0" turns them off (default: ":8081")',
  ],
  '--log-level': [BEHAVIOUR, '<level>', 'error, warn, info or debug (default: info)'],
  '--log-format': [BEHAVIOUR, '<format>', 'json or pretty (default: pretty on a terminal, else json)'],
  '--kube-api-qps': [
    BEHAVIOUR,
    '<number>',
    'API requests a second, watches aside; 0 for no limit (default: 100)',
  ],
  '--concurrency': [BEHAVIOUR, '<number>', 'leader Services worked on at once (default: 16)'],
} as const;

export type ValueFlag = keyof typeof VALUE_FLAGS;
export const ALL_NAMESPACES = '--all-namespaces';
export const INSTALL_CRD = '--install-crd';
export const LEADER_ELECT = '--leader-elect';
/** Flags without a value; the variable of each takes true or false. */
export type Switch = typeof ALL_NAMESPACES | typeof INSTALL_CRD | typeof LEADER_ELECT;

/** What was given on the command line, unread: all values of a flag that was given several times. */
export interface CommandLine {
  readonly values: Readonly<Partial<Record<ValueFlag, readonly string[]>>>;
  readonly allNamespaces: boolean;
  readonly installCrd: boolean;
  readonly leaderElect: boolean;
}

/** Where --help and --version go. */
export interface Output {
  write(text: string): void;
  exit(code: number): never;
}

/** The environment variable of a flag. */
export function variableOf(flag: string): string {
  return `ZEN_LEAD_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`;
}

/** Prints and exits for --help and --version. @throws ZenLeadError InvalidSettings, with one line */
export function parseCommandLine(argv: readonly string[], output: Output): CommandLine {
  const values: Partial<Record<ValueFlag, string[]>> = {};
  const command = commandOf(output, (flag, value) => {
    (values[flag] ??= []).push(value);
  });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return output.exit(0);
    throw new ZenLeadError('InvalidSettings', explain(error), { cause: error });
  }
  const [word] = command.args;
  if (word !== undefined) {
    throw new ZenLeadError('InvalidSettings', `unexpected argument ${shown(word)}: expected flags only`);
  }
  const switches = command.opts<{ allNamespaces?: boolean; installCrd?: boolean; leaderElect?: boolean }>();
  return {
    values,
    allNamespaces: switches.allNamespaces === true,
    installCrd: switches.installCrd === true,
    leaderElect: switches.leaderElect === true,
  };
}

function commandOf(output: Output, onValue: (flag: ValueFlag, value: string) => void): Command {
  const command = new Command('zen-lead')
    .description('Leads a Service to exactly one Ready pod: a Kubernetes operator.')
    .usage('[flags]')
    .exitOverride()
    .allowExcessArguments()
    .configureOutput({
      writeOut: (text) => {
        output.write(text);
      },
      // Errors are thrown; whoever catches them prints them.
      writeErr: () => undefined,
    })
    .configureHelp({ helpWidth: 110 })
    .addHelpText('after', EXAMPLES);
  for (const [flag, [group, argument, description]] of entriesOf(VALUE_FLAGS)) {
    const option = new Option(`${flag} ${argument}`, `${description}\n[${variableOf(flag)}]`).helpGroup(
      group,
    );
    command.addOption(
      option.argParser((value: string) => {
        onValue(flag, value);
      }),
    );
  }
  const all = `every namespace, instead of --namespace\n[${variableOf(ALL_NAMESPACES)}=true]`;
  const install = `install the CustomResourceDefinition of LeaderPolicy, or bring it up to date\n[${variableOf(INSTALL_CRD)}=true]`;
  const elect = `rank several replicas by a Lease: the holder acts at once, another one after 500 ms\n[${variableOf(LEADER_ELECT)}=true]`;
  return command
    .addOption(new Option(ALL_NAMESPACES, all).helpGroup(SCOPE))
    .addOption(new Option(INSTALL_CRD, install).helpGroup(BEHAVIOUR))
    .addOption(new Option(LEADER_ELECT, elect).helpGroup(BEHAVIOUR))
    .optionsGroup('Also:')
    .version(`zen-lead ${VERSION} (commit ${COMMIT})`, '--version', 'print the version and exit')
    .helpOption('-h, --help', 'print this help and exit');
}

/** One line for what commander did not take. */
function explain(error: unknown): string {
  if (!(error instanceof CommanderError)) return String(error);
  const [, quoted = '', hint] = /'(.*)'(?:\n\((.*)\))?/s.exec(error.message) ?? [];
  switch (error.code) {
    case 'commander.unknownOption':
      return `unknown flag ${shown(quoted)}: ${hint?.toLowerCase() ?? 'see --help for those there are'}`;
    case 'commander.optionMissingArgument':
      return `${quoted.split(' ')[0] ?? ''}: expected a value, got none`;
    default:
      return error.message.replace(/\s+/g, ' ');
  }
}

/** Quoted and on one line, whatever is in it. */
export function shown(value: string): string {
  return JSON.stringify(value);
}

function entriesOf<K extends string, V>(table: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(table) as [K, V][];
}

const EXAMPLES = `
A flag goes before its environment variable, given here in [brackets]; an empty variable counts as not set.

Examples:
  zen-lead                                              the namespace it runs in
  zen-lead --namespace shop --namespace billing         two namespaces
  zen-lead --all-namespaces --log-level debug           the whole cluster, talkative
  ZEN_LEAD_NAMESPACE=shop,billing zen-lead              as from a Deployment's env
`;
