/** Why a command failed: one sentence that says what to do, and the exit status (docs/kubectl-plugin.md). */
import { CommanderError } from 'commander';
import { ApiError, messageOf, ZenLeadError } from '../errors.ts';

/** Exit status by kind of failure; 0 is success. */
export const EXIT_STATUS = {
  /** It was tried, and did not succeed: a pod that may not lead, a refused write, a wait that ended. */
  failed: 1,
  /** A bad flag, argument or kubeconfig. */
  usage: 2,
  /** No such Service, or it has no leader Service, or no such pod. */
  notFound: 3,
  /** The user lacks a right, or is not known. */
  forbidden: 4,
  /** No answer from the API server. */
  unreachable: 5,
} as const;

export type FailureKind = keyof typeof EXIT_STATUS;

export class CommandFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CommandFailure';
    this.kind = kind;
  }
}

/** Anything that was thrown, as what the user is told. */
export function failureOf(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof CommanderError) return new CommandFailure('usage', usageText(error), { cause: error });
  if (error instanceof ApiError && error.status === 401) {
    const message =
      'the API server does not accept your credentials (401); log in again, or give another --context';
    return new CommandFailure('forbidden', message, { cause: error });
  }
  if (!(error instanceof ZenLeadError))
    return new CommandFailure('failed', messageOf(error), { cause: error });
  switch (error.code) {
    case 'Unreachable': {
      const message = `${error.message}; see whether --context and your network lead to the cluster`;
      return new CommandFailure('unreachable', message, { cause: error });
    }
    case 'InvalidKubeconfig':
    case 'InvalidSettings':
      return new CommandFailure('usage', messageOf(error), { cause: error });
    case 'ApiError':
    case 'InvalidAnswer':
      return new CommandFailure('failed', error.message, { cause: error });
  }
}

const INVALID_CHOICE = /(--[\w-]+)[^']*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s;

/** What commander did not take, on one line, in the words of the operator's own flags. */
function usageText({ code, message }: CommanderError): string {
  const [, quoted = '', hint] = /'(.*)'(?:\n\((.*)\))?/s.exec(message) ?? [];
  const suggestion = hint?.toLowerCase() ?? 'see --help for those there are';
  const flag = quoted.split(/[ ,]/)[0] ?? '';
  switch (code) {
    case 'commander.unknownOption':
      return `unknown flag ${JSON.stringify(quoted)}: ${suggestion}`;
    case 'commander.unknownCommand':
      return `unknown command ${JSON.stringify(quoted)}: ${suggestion}`;
    case 'commander.optionMissingArgument':
      return `${flag}: expected a value, got none`;
    case 'commander.missingMandatoryOptionValue':
      return `expected ${quoted}; see --help for examples`;
    case 'commander.missingArgument':
      return `expected an argument <${quoted}>; see --help for examples`;
    case 'commander.invalidArgument': {
      const [, name = '', value = '', choices = ''] = INVALID_CHOICE.exec(message) ?? [];
      return `${name} ${JSON.stringify(value)}: expected ${choices}`;
    }
    default:
      return message.replace(/^error: /, '').replaceAll(/\s+/g, ' ');
  }
}
