/** The object that the user's wishes are written to: the source Service's annotations, or the LeaderPolicy. */
import { CommandFailure } from './failure.ts';
import { missing } from './find.ts';
import type { Picture } from './picture.ts';
import type { Session } from './session.ts';

export interface Target {
  readonly resource: 'services' | 'leaderpolicies';
  readonly name: string;
  /** For people: "service/web", as kubectl says it. */
  readonly shown: string;
}

/** @throws CommandFailure where it cannot be told */
export function targetOf(picture: Picture): Target {
  const { claim, name, by, state, input } = picture;
  if (claim === undefined) {
    if (by.kind === 'LeaderPolicy' && !input.policiesKnown) {
      const message = `leader Service ${name} is made by LeaderPolicy ${by.name}, which you may not read; ask for the verbs "list" and "patch" on "leaderpolicies"`;
      throw new CommandFailure('forbidden', message);
    }
    throw new CommandFailure(
      'notFound',
      `nobody asks for leader Service ${name} any more; zen-lead deletes it when it runs`,
    );
  }
  if (state === 'NameConflict') {
    const message = `Service ${name} is not zen-lead's: the name is taken; see kubectl leader status ${name}`;
    throw new CommandFailure('failed', message);
  }
  const { policy, sourceName } = claim.request;
  return policy === undefined
    ? { resource: 'services', name: sourceName, shown: `service/${sourceName}` }
    : { resource: 'leaderpolicies', name: policy.name, shown: `leaderpolicy/${policy.name}` };
}

/** @throws CommandFailure `notFound` where there is no leader Service yet */
export function mustExist(picture: Picture): void {
  if (picture.state === 'Missing') throw missing(picture);
}

/** Writes the wish in the one or the other form. */
export async function write(
  session: Session,
  { resource, name }: Target,
  wish: { readonly annotations: Readonly<Record<string, string | null>>; readonly spec: object },
): Promise<void> {
  const body =
    resource === 'services' ? { metadata: { annotations: wish.annotations } } : { spec: wish.spec };
  await session.api.patch(resource, session.namespace, name, body);
}

/** What was done, on standard output: a line, or JSON or YAML. */
export function report(session: Session, { name, namespace }: Picture, done: string, text: string): void {
  session.print({ namespace, leaderService: name, result: done }, () => `${text}\n`);
}
