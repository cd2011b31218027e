/** The logger that everything but plan/ gets: a constant message plus fields. */
import type { Writable } from 'node:stream';
import winston from 'winston';
import { messageOf } from './errors.ts';

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** For tests. */
export const nullLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Each level includes those before it. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** json: one object a line. pretty: for people; in colour on a terminal unless NO_COLOR is set. */
  readonly format: LogFormat;
  /** Default: stderr. */
  readonly stream?: Writable & { readonly isTTY?: boolean };
  readonly env?: NodeJS.ProcessEnv;
  readonly now?: () => Date;
}

/**
 * An Error among the fields is written as its message and those of its causes; at level debug its stacks go with it, in a
 * field that is named after it. Other properties of an Error are never written: a response may carry a token.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { level, format, stream = process.stderr, env = process.env, now = () => new Date() } = options;
  const colours = stream.isTTY === true && (env['NO_COLOR'] ?? '') === '';
  const logger = winston.createLogger({
    level,
    levels: Object.fromEntries(LOG_LEVELS.map((name, rank) => [name, rank])),
    format: format === 'json' ? jsonLine() : prettyLine(colours),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- two declarations of one class
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  // Nobody reads the log any more (EPIPE). That is no reason to stop leading Services.
  stream.on('error', () => undefined);
  const writer = (own: LogLevel) => {
    if (LOG_LEVELS.indexOf(own) > LOG_LEVELS.indexOf(level)) return () => undefined;
    return (message: string, fields: LogFields = {}) => {
      logger.log({ time: now().toISOString(), level: own, message, ...plain(fields, level === 'debug') });
    };
  };
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

const RESERVED: ReadonlySet<string> = new Set(['time', 'level', 'message']);

function plain(fields: LogFields, stacks: boolean): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    const name = RESERVED.has(key) ? `${key}_` : key;
    result[name] = value instanceof Error ? messageOf(value) : value;
    if (stacks && value instanceof Error) result[`${name}Stack`] = stackOf(value);
  }
  return result;
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}

function jsonLine(): winston.Logform.Format {
  // Not "deterministic": that sorts the keys, and time, level and message are to come first.
  return winston.format.json({ deterministic: false, replacer });
}

const COLOURS: Readonly<Record<string, number>> = { error: 31, warn: 33, info: 32, debug: 34 };
const GREY = 90;

function prettyLine(colours: boolean): winston.Logform.Format {
  const paint = (text: string, colour: number | undefined): string =>
    colours && colour !== undefined ? `\u001B[${String(colour)}m${text}\u001B[39m` : text;
  return winston.format.printf(({ time, level, message, ...fields }) => {
    const head = `${paint(String(time), GREY)} ${paint(level.toUpperCase().padEnd(5), COLOURS[level])} ${String(message)}`;
    const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
    const stacks = entries.filter(([key]) => key.endsWith('Stack'));
    const rest = entries.filter(([key]) => !key.endsWith('Stack'));
    const words = rest.map(([key, value]) => ` ${paint(`${key}=`, GREY)}${prettyValue(value)}`);
    return head + words.join('') + stacks.map(([, stack]) => `\n${String(stack)}`).join('');
  });
}

/** Bare where it is one word, else as JSON, which also escapes line ends and control characters. */
function prettyValue(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value, replacer);
  } catch {
    // A circular value. To log never throws.
    return Object.prototype.toString.call(value);
  }
}

/** For values inside of fields that JSON does not know. */
function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Error) return messageOf(value);
  return typeof value === 'bigint' ? value.toString() : value;
}
