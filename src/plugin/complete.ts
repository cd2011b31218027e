/** Completion, as kubectl asks its plugins: through an executable kubectl_complete-leader, in the format of cobra. */
import { keyOf } from '../names.ts';
import { COMMANDS, type Command } from './commands.ts';
import { commonOptions } from './common-options.ts';
import { findOne } from './find.ts';
import { loadFor } from './kubeconfig.ts';
import { pictureOf } from './picture.ts';
import { Session, type CommonOptions, type Surroundings } from './session.ts';

/** cobra's directive: what is offered is all there is, no file names. */
const NO_FILES = ':4\n';

/** @param words those after `kubectl leader`, the last one being typed. Never fails: then it offers nothing. */
export async function complete(words: readonly string[], surroundings: Surroundings): Promise<string> {
  const typed = words.at(-1) ?? '';
  try {
    const offered = await offers(words.slice(0, -1), typed, silent(surroundings));
    const fitting = offered.filter((each) => each.startsWith(typed));
    return [...fitting, NO_FILES].join('\n');
  } catch {
    return NO_FILES;
  }
}

/** A note in the middle of a command line would spoil it. */
function silent({ env, signal, terminal }: Surroundings): Surroundings {
  return { env, signal, terminal: { ...terminal, err: () => undefined } };
}

async function offers(
  before: readonly string[],
  typed: string,
  surroundings: Surroundings,
): Promise<string[]> {
  const [name] = before;
  if (name === undefined)
    return [...COMMANDS.map((each) => `${each.name}\t${each.text}`), 'help\tprint the help'];
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) return name === 'help' ? COMMANDS.map((each) => each.name) : [];
  const { options, args, open } = read(before.slice(1), command);
  if (open !== undefined) return valuesOf(open, command, options, args, surroundings);
  if (typed.startsWith('-')) return flagsOf(command);
  if (args.length > 0 || command.takes === undefined) return [];
  return services(command.takes, options, surroundings);
}

interface Read {
  readonly options: CommonOptions;
  readonly args: readonly string[];
  /** The long name of a flag whose value is being typed. */
  readonly open?: string;
}

/** Enough of a parser for a line that is not finished. */
function read(words: readonly string[], command: Command): Read {
  const options: Record<string, string> = {};
  const args: string[] = [];
  let open: string | undefined;
  for (const word of words) {
    if (open !== undefined) {
      options[open] = word;
      open = undefined;
    } else if (word.startsWith('-')) {
      const [flag = '', value] = word.split('=', 2);
      const known = valueFlags(command).find(({ short, long }) => flag === short || flag === long);
      if (value !== undefined && known !== undefined) options[known.long.slice(2)] = value;
      else open = known?.long.slice(2);
    } else args.push(word);
  }
  return { options, args, ...(open === undefined ? {} : { open }) };
}

interface ValueFlag {
  readonly short?: string | undefined;
  readonly long: string;
}

function valueFlags(command: Command): readonly ValueFlag[] {
  const own = command.flags.flatMap(({ syntax }) => {
    const long = /(--[\w-]+) </.exec(syntax)?.[1];
    return long === undefined ? [] : [{ long }];
  });
  return [...own, ...commonOptions(command).map(({ short, long }) => ({ short, long: long ?? '' }))];
}

function flagsOf(command: Command): string[] {
  const own = command.flags.map(({ syntax, text }) => `${/--[\w-]+/.exec(syntax)?.[0] ?? ''}\t${text}`);
  return [...own, ...commonOptions(command).map(({ long, description }) => `${long ?? ''}\t${description}`)];
}

async function valuesOf(
  flag: string,
  command: Command,
  options: CommonOptions,
  [service]: readonly string[],
  surroundings: Surroundings,
): Promise<string[]> {
  switch (flag) {
    case 'output':
      return [...(commonOptions(command).find(({ long }) => long === '--output')?.argChoices ?? [])];
    case 'context':
      return loadFor(
        { ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }) },
        surroundings.env,
      )
        .kubeConfig.getContexts()
        .map(({ name }) => name);
    case 'namespace':
      return inSession(options, surroundings, async ({ api }) =>
        ((await api.list('namespaces', undefined)) as { metadata: { name: string } }[]).map(
          ({ metadata }) => metadata.name,
        ),
      );
    case 'to':
      return service === undefined ? [] : pods(service, options, surroundings);
    default:
      return [];
  }
}

function services(
  kind: 'led' | 'source',
  options: CommonOptions,
  surroundings: Surroundings,
): Promise<string[]> {
  return inSession(options, surroundings, async (session) => {
    const snapshot = await session.snapshot();
    const { view } = snapshot;
    const led = [...view.keys()].map((key) => pictureOf(snapshot, key));
    if (kind === 'led') return [...new Set(led.flatMap(({ sourceName, name }) => [sourceName, name]))].sort();
    const isLed = new Set(
      led.flatMap(({ namespace, name, sourceName }) => [
        keyOf(namespace, name),
        keyOf(namespace, sourceName),
      ]),
    );
    return [...view.stores.services.values(session.namespace)]
      .filter(({ namespace, name, selector }) => selector !== undefined && !isLed.has(keyOf(namespace, name)))
      .map(({ name }) => name)
      .sort();
  });
}

/** Those that may lead, and do not. */
function pods(service: string, options: CommonOptions, surroundings: Surroundings): Promise<string[]> {
  return inSession(options, surroundings, async (session) => {
    const { candidates = [], leader } = findOne(await session.snapshot(), session.namespace, service);
    return candidates
      .filter(({ pod, refused }) => refused === undefined && pod.name !== leader)
      .map(({ pod }) => pod.name)
      .sort();
  });
}

async function inSession<T>(
  options: CommonOptions,
  surroundings: Surroundings,
  act: (session: Session) => Promise<T>,
): Promise<T> {
  const session = new Session(options, surroundings);
  try {
    return await act(session);
  } finally {
    await session.close();
  }
}
