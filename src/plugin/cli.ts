/** The command line of `kubectl leader`: parses it, runs the command, and says how it ended. */
import { Command as Program, CommanderError, Option } from 'commander';
import { COMMIT, VERSION } from '../version.ts';
import { COMMANDS, type Command, type Flags } from './commands.ts';
import { commonOptions } from './common-options.ts';
import { complete } from './complete.ts';
import { EXIT_STATUS, failureOf } from './failure.ts';
import { Session, type CommonOptions, type Surroundings } from './session.ts';

/** Ended by Ctrl-C. */
const INTERRUPTED = 130;
/** What kubectl asks a plugin's completion with. */
const COMPLETE = '__complete';

/** @param argv without node and script. @returns the exit status */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const [first, ...words] = argv;
  if (first === COMPLETE) {
    surroundings.terminal.out(await complete(words, surroundings));
    return 0;
  }
  try {
    const program = programOf(surroundings);
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (surroundings.signal.aborted) return INTERRUPTED;
    const failure = failureOf(error);
    surroundings.terminal.err(`error: ${failure.message}\n`);
    return EXIT_STATUS[failure.kind];
  }
}

function programOf(surroundings: Surroundings): Program {
  const program = settled(new Program('kubectl leader'), surroundings)
    .usage('<command> [flags]')
    .description('Leader Services of zen-lead: who leads, why, and what to do about it.')
    .version(`kubectl-leader ${VERSION} (commit ${COMMIT})`, '--version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', `\n${EXAMPLES}`);
  for (const command of COMMANDS) program.addCommand(subcommandOf(command, surroundings));
  return program;
}

function subcommandOf(command: Command, surroundings: Surroundings): Program {
  const program = settled(new Program(command.name), surroundings)
    .description(command.text)
    .allowExcessArguments(false);
  for (const argument of command.args) program.argument(argument);
  for (const { syntax, text, required } of command.flags)
    program.addOption(new Option(syntax, text).makeOptionMandatory(required === true));
  for (const option of commonOptions(command)) program.addOption(option);
  program.addHelpText('after', `\n${examplesText(command)}`);
  return program.action(async () => {
    const flags = program.opts<Flags & CommonOptions>();
    const session = new Session(flags, surroundings);
    try {
      await command.run(session, program.args, flags);
    } finally {
      await session.close();
    }
  });
}

/** Errors are thrown, and told by whoever catches them. */
function settled(program: Program, { terminal }: Surroundings): Program {
  return program
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text);
      },
      writeErr: () => undefined,
    })
    .configureHelp({ helpWidth: 110 });
}

function examplesText({ examples }: Command): string {
  const width = Math.max(...examples.map(([line]) => line.length)) + 3;
  const lines = examples.map(([line, meaning]) => `  kubectl leader ${line.padEnd(width)}${meaning}\n`);
  return `Examples:\n${lines.join('')}`;
}

const EXAMPLES = `Examples:
  kubectl leader list -A                                      all leader Services of the cluster
  kubectl leader status postgres                              one of them
  kubectl leader explain postgres                             who would lead, and why
  kubectl leader switchover postgres --to postgres-1 --wait   move it

Exit status: 0 done, 1 failed, 2 usage, 3 not found or no leader Service, 4 no right, 5 cluster not reachable.
`;
