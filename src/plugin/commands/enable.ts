/** kubectl leader enable and disable: the annotation that makes a leader Service, and takes it away. */
import type { Service } from '../../api/objects.ts';
import { ANNOTATION, keyOf } from '../../names.ts';
import { isEnabled, parseAnnotations } from '../../plan/annotation-request.ts';
import { controllerOf, isLabelledOurs, isUndecided } from '../../plan/ownership.ts';
import { serviceProblems } from '../../plan/request.ts';
import { CommandFailure } from '../failure.ts';
import { pictureOf, type Picture } from '../picture.ts';
import type { Session } from '../session.ts';
import type { Snapshot } from '../snapshot.ts';
import { targetOf } from '../target.ts';

type Acting = Pick<Session, 'namespace' | 'snapshot' | 'api' | 'print'>;

export async function enable(session: Acting, name: string): Promise<void> {
  const service = sourceOf(await session.snapshot(), session.namespace, name);
  const problem = serviceProblems(service, true)[0];
  if (problem !== undefined)
    throw new CommandFailure('failed', `it can have no leader Service: ${problem.note}`);
  const leaderService = leaderNameOf(service);
  if (isEnabled(service)) {
    done(
      session,
      'unchanged',
      leaderService,
      `service/${name} enabled already: leader Service ${leaderService}`,
    );
    return;
  }
  await annotate(session, name, 'true');
  const text = `service/${name} enabled: zen-lead makes leader Service ${leaderService}; see kubectl leader status ${name}`;
  done(session, 'enabled', leaderService, text);
}

export async function disable(session: Acting, name: string): Promise<void> {
  const { namespace } = session;
  const snapshot = await session.snapshot();
  const named = madeAs(snapshot, namespace, name);
  const keeper = named === undefined ? undefined : policyOf(named);
  if (keeper !== undefined) throw ledByPolicy(namespace, name, keeper);
  const sourceName = named?.sourceName ?? name;
  const service = sourceOf(snapshot, namespace, sourceName);
  if (!isEnabled(service)) {
    const policy = policyFor(snapshot, namespace, sourceName);
    if (policy !== undefined) throw ledByPolicy(namespace, sourceName, policy);
    done(session, 'unchanged', named?.name ?? '', `service/${sourceName} is not enabled`);
    return;
  }
  // Throws for one that the annotations do not ask for: without them another one would go.
  if (named !== undefined) targetOf(named);
  const ended = askedForBy(snapshot, service);
  await annotate(session, sourceName, null);
  const end = ended === undefined ? '' : `: ${endOf(ended, sourceName)}`;
  const text = `service/${sourceName} disabled${end}`;
  done(session, 'disabled', ended?.name ?? '', text);
}

/** @throws CommandFailure where none is possible: zen-lead would make nothing */
function leaderNameOf(service: Service): string {
  const enabled = { ...service, annotations: { ...service.annotations, [ANNOTATION.enabled]: 'true' } };
  const { leaderServiceName, problems = [] } = parseAnnotations(enabled) ?? {};
  if (leaderServiceName !== undefined) return leaderServiceName;
  const why = problems.find(({ note }) => note.includes(ANNOTATION.leaderServiceName))?.note ?? '';
  const who = `Service ${service.name} (${service.name.length} characters)`;
  throw new CommandFailure('failed', `${who} can have no leader Service: ${why}`);
}

/** By the name of the leader Service; an enabled Service is meant itself, whoever else asks for its name. */
function madeAs(snapshot: Snapshot, namespace: string, name: string): Picture | undefined {
  const key = keyOf(namespace, name);
  const service = snapshot.view.stores.services.get(key);
  if (service !== undefined && isEnabled(service) && !isLabelledOurs(service)) return undefined;
  return snapshot.view.keys().has(key) ? pictureOf(snapshot, key) : undefined;
}

/** The annotations' own, also where a policy overrules them, or where they are wrong and keep what there is. */
function askedForBy(snapshot: Snapshot, { uid }: Service): Picture | undefined {
  return [...snapshot.view.keys()]
    .map((key) => pictureOf(snapshot, key))
    .find(({ input }) => input.claims.some(({ request }) => request.requester.uid === uid));
}

/** What becomes of a leader Service without the annotations of the source. */
function endOf(picture: Picture, sourceName: string): string {
  const { name, state, claim } = picture;
  const policy = policyOf(picture);
  if (policy !== undefined) return `LeaderPolicy ${policy} keeps leader Service ${name}`;
  if (state === 'NameConflict') return `Service ${name} is not zen-lead's, and stays`;
  if (picture.sourceName !== sourceName) return `Service ${picture.sourceName} keeps leader Service ${name}`;
  if (state === 'Missing' && claim?.request.leaderServiceName === undefined)
    return 'it had no leader Service';
  return `zen-lead deletes leader Service ${name}`;
}

/** The policy that has the leader Service; of one that may not be read, what it made tells. */
function policyOf({ claim, input: { actual, owner, policiesKnown } }: Picture): string | undefined {
  if (claim?.request.policy !== undefined) return claim.request.policy.name;
  const undecided = actual !== undefined && isUndecided(actual, owner, policiesKnown);
  return undecided ? controllerOf(actual)?.name : undefined;
}

function ledByPolicy(namespace: string, name: string, policy: string): CommandFailure {
  const message = `Service ${name} is led because of LeaderPolicy ${policy}; end it with: kubectl delete leaderpolicy ${policy} -n ${namespace}`;
  return new CommandFailure('failed', message);
}

function policyFor({ view }: Snapshot, namespace: string, sourceName: string): string | undefined {
  return [...view.stores.policies.values(namespace)].find(({ serviceName }) => serviceName === sourceName)
    ?.name;
}

function sourceOf({ view }: Snapshot, namespace: string, name: string): Service {
  const service = view.stores.services.get(keyOf(namespace, name));
  if (service !== undefined) return service;
  const message = `there is no Service ${name} in namespace ${namespace}; see kubectl get services -n ${namespace}`;
  throw new CommandFailure('notFound', message);
}

async function annotate(session: Acting, name: string, value: 'true' | null): Promise<void> {
  const body = { metadata: { annotations: { [ANNOTATION.enabled]: value } } };
  await session.api.patch('services', session.namespace, name, body);
}

function done(session: Acting, result: string, leaderService: string, text: string): void {
  session.print({ namespace: session.namespace, leaderService, result }, () => `${text}\n`);
}
