/** Flags and environment variables, read once into a frozen, validated value. */
import { ZenLeadError } from './errors.ts';
import { ALL_NAMESPACES, INSTALL_CRD, LEADER_ELECT, parseCommandLine, shown, variableOf } from './flags.ts';
import type { CommandLine, Output, Switch, ValueFlag } from './flags.ts';
import { LOG_FORMATS, LOG_LEVELS } from './logger.ts';
import type { LogFormat, LogLevel } from './logger.ts';
import { BIND_ADDRESS_SYNTAX, parseBindAddress } from './telemetry/bind-address.ts';
import type { BindAddress } from './telemetry/bind-address.ts';

export interface Settings {
  /** At least one, without repetition; or every namespace. */
  readonly namespaces: readonly string[] | 'all';
  readonly metricsBindAddress: BindAddress | 'off';
  readonly healthProbeBindAddress: BindAddress | 'off';
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Requests a second to the API server, watches aside; 0: no limit. */
  readonly kubeApiQps: number;
  /** Leader Services worked on at once. */
  readonly concurrency: number;
  /** Install or upgrade the CustomResourceDefinition at the start. */
  readonly installCrd: boolean;
  /** Several replicas run: they are ranked by a Lease. */
  readonly leaderElect: boolean;
}

/** What is not in flags or environment. */
export interface SettingsDefaults {
  /** The pod's own namespace. */
  readonly namespace?: string | undefined;
  /** Logs go to a terminal. */
  readonly terminal?: boolean;
}

/** A value and the name under which the user gave it. */
interface Given {
  readonly name: string;
  readonly values: readonly string[];
}

type Reader<T> = (text: string) => T | undefined;

const processOutput: Output = {
  write: (text) => process.stdout.write(text),
  exit: (code) => process.exit(code),
};

/**
 * `argv` without node and script. A flag goes before its variable, an empty variable counts as not set. --help and --version
 * print to `output` and exit with 0.
 * @throws ZenLeadError InvalidSettings: one line that names the flag or variable, the value and what is accepted
 */
export function parseSettings(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  defaults: SettingsDefaults = {},
  output: Output = processOutput,
): Settings {
  const line = parseCommandLine(argv, output);
  const read = <T>(flag: ValueFlag, absent: string, reader: Reader<T>, accepted: string): T => {
    const { name, values } = given(flag, line, env) ?? { name: flag, values: [absent] };
    return readAs(name, values.at(-1) ?? absent, reader, accepted);
  };
  const terminal = defaults.terminal ?? process.stderr.isTTY;
  return Object.freeze<Settings>({
    namespaces: namespacesOf(line, env, defaults.namespace),
    metricsBindAddress: read('--metrics-bind-address', ':8080', parseBindAddress, BIND_ADDRESS_SYNTAX),
    healthProbeBindAddress: read(
      '--health-probe-bind-address',
      ':8081',
      parseBindAddress,
      BIND_ADDRESS_SYNTAX,
    ),
    logLevel: read('--log-level', 'info', oneOf(LOG_LEVELS), LOG_LEVELS.join(', ')),
    logFormat: read('--log-format', terminal ? 'pretty' : 'json', oneOf(LOG_FORMATS), LOG_FORMATS.join(', ')),
    kubeApiQps: read('--kube-api-qps', '100', integer(0, 100_000), 'an integer from 0 (no limit) to 100000'),
    concurrency: read('--concurrency', '16', integer(1, 256), 'an integer from 1 to 256'),
    installCrd: line.installCrd || isOn(INSTALL_CRD, env),
    leaderElect: line.leaderElect || isOn(LEADER_ELECT, env),
  });
}

/**
 * Both flags answer one question, so either flag goes before both variables; two answers from the same place are an error.
 */
function namespacesOf(
  line: CommandLine,
  env: NodeJS.ProcessEnv,
  own: string | undefined,
): readonly string[] | 'all' {
  const onLine = line.values['--namespace'] !== undefined || line.allNamespaces;
  const names = given('--namespace', line, onLine ? {} : env);
  const all = onLine ? line.allNamespaces : isOn(ALL_NAMESPACES, env);
  if (names !== undefined && all) {
    const allName = onLine ? ALL_NAMESPACES : variableOf(ALL_NAMESPACES);
    throw new ZenLeadError(
      'InvalidSettings',
      `${names.name} ${shown(names.values.join(','))} with ${allName}: expected one of them`,
    );
  }
  if (all) return 'all';
  if (names !== undefined) return Object.freeze(namespaceList(names));
  if (own !== undefined && own !== '') return Object.freeze([own]);
  throw new ZenLeadError(
    'InvalidSettings',
    `no namespace: expected --namespace or ${ALL_NAMESPACES}, because zen-lead does not run in a pod whose namespace it could take`,
  );
}

function isOn(flag: Switch, env: NodeJS.ProcessEnv): boolean {
  const name = variableOf(flag);
  const text = env[name] ?? '';
  return text !== '' && readAs(name, text, oneOf(['true', 'false']), 'true, false') === 'true';
}

/** Namespace names are DNS labels (RFC 1123). */
function namespaceList({ name, values }: Given): string[] {
  const isLabel: Reader<string> = (text) =>
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text) ? text : undefined;
  const accepted =
    'namespace names: at most 63 of a-z, 0-9 and "-", beginning and ending with a letter or digit';
  const list = values
    .flatMap((value) => value.split(','))
    .map((text) => readAs(name, text.trim(), isLabel, accepted));
  return [...new Set(list)];
}

function given(flag: ValueFlag, line: CommandLine, env: NodeJS.ProcessEnv): Given | undefined {
  const values = line.values[flag];
  if (values !== undefined) return { name: flag, values };
  const variable = variableOf(flag);
  const text = env[variable] ?? '';
  return text === '' ? undefined : { name: variable, values: [text] };
}

function readAs<T>(name: string, text: string, reader: Reader<T>, accepted: string): T {
  const value = reader(text);
  if (value === undefined)
    throw new ZenLeadError('InvalidSettings', `${name} ${shown(text)}: expected ${accepted}`);
  return value;
}

function oneOf<T extends string>(choices: readonly T[]): Reader<T> {
  return (text) => choices.find((choice) => choice === text);
}

function integer(min: number, max: number): Reader<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  };
}
