/** The command line of the client process, written by the one who starts it and read by the process itself. */
import { parseArgs } from 'node:util';

export interface ClientOptions {
  /** Address or DNS name. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Milliseconds from one new connection to the next. */
  readonly intervalMs: number;
  /** Milliseconds until a connection that has not answered is given up. */
  readonly timeoutMs: number;
  /** Seconds after which the process ends by itself: whoever started it may be gone. */
  readonly maxSeconds: number;
  /** Own addresses, used in turns: a port that is used again soon may meet an old entry of conntrack. */
  readonly from: readonly string[];
  /** `address:port` of the DNS server that is asked for each connection. */
  readonly resolver?: string;
}

export const DEFAULTS = {
  user: 'postgres',
  database: 'postgres',
  intervalMs: 20,
  timeoutMs: 1_000,
  maxSeconds: 900,
  from: [],
} as const satisfies Partial<ClientOptions>;

export function toArguments(options: ClientOptions): string[] {
  const { host, port, user, database, intervalMs, timeoutMs, maxSeconds, from, resolver } = options;
  return [
    ...['--host', host, '--port', String(port), '--user', user, '--database', database],
    ...['--interval-ms', String(intervalMs), '--timeout-ms', String(timeoutMs)],
    ...['--max-seconds', String(maxSeconds)],
    ...from.flatMap((address) => ['--from', address]),
    ...(resolver === undefined ? [] : ['--resolver', resolver]),
  ];
}

/** Throws for what is missing, unknown or no number. */
export function parseOptions(args: readonly string[]): ClientOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: text,
      port: text,
      user: text,
      database: text,
      'interval-ms': text,
      'timeout-ms': text,
      'max-seconds': text,
      from: { type: 'string', multiple: true },
      resolver: text,
    },
  });
  const { host, port, resolver } = values;
  if (host === undefined) throw new Error('Expected --host');
  return {
    host,
    port: number('port', port),
    user: values.user ?? DEFAULTS.user,
    database: values.database ?? DEFAULTS.database,
    intervalMs: number('interval-ms', values['interval-ms'], DEFAULTS.intervalMs),
    timeoutMs: number('timeout-ms', values['timeout-ms'], DEFAULTS.timeoutMs),
    maxSeconds: number('max-seconds', values['max-seconds'], DEFAULTS.maxSeconds),
    from: values.from ?? DEFAULTS.from,
    ...(resolver !== undefined && { resolver }),
  };
}

function number(name: string, text: string | undefined, fallback?: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (value === undefined || !(value > 0)) {
    throw new Error(`Expected --${name} to be a number above 0, got ${text ?? 'nothing'}`);
  }
  return value;
}
