/** kubectl leader enable and disable: the annotation that makes a leader Service, and takes it away. */
import type { Service } from '../../api/objects.ts';
import { ANNOTATION, keyOf } from '../../names.ts';
import { isEnabled, parseAnnotations } from '../../plan/annotation-request.ts';
import { serviceProblems } from '../../plan/request.ts';
import { CommandFailure } from '../failure.ts';
import { pictureOf } from '../picture.ts';
import type { Session } from '../session.ts';
import type { Snapshot } from '../snapshot.ts';

export async function enable(session: Session, name: string): Promise<void> {
  const service = sourceOf(await session.snapshot(), session.namespace, name);
  const problem = serviceProblems(service, true)[0];
  if (problem !== undefined)
    throw new CommandFailure('failed', `it can have no leader Service: ${problem.note}`);
  const enabled = { ...service, annotations: { ...service.annotations, [ANNOTATION.enabled]: 'true' } };
  const leaderService = parseAnnotations(enabled)?.leaderServiceName ?? '';
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

export async function disable(session: Session, name: string): Promise<void> {
  const snapshot = await session.snapshot();
  const picture = madeAs(snapshot, session.namespace, name);
  const sourceName = picture?.sourceName ?? name;
  const service = sourceOf(snapshot, session.namespace, sourceName);
  const leaderService = picture?.name ?? parseAnnotations(service)?.leaderServiceName ?? '';
  if (!isEnabled(service)) {
    const policy = policyFor(snapshot, session.namespace, sourceName);
    if (policy !== undefined) {
      const message = `Service ${sourceName} is led because of LeaderPolicy ${policy}; end it with: kubectl delete leaderpolicy ${policy} -n ${session.namespace}`;
      throw new CommandFailure('failed', message);
    }
    done(session, 'unchanged', leaderService, `service/${sourceName} is not enabled`);
    return;
  }
  await annotate(session, sourceName, null);
  const text = `service/${sourceName} disabled: zen-lead deletes leader Service ${leaderService}`;
  done(session, 'disabled', leaderService, text);
}

/** By the name of the leader Service. */
function madeAs(
  snapshot: Snapshot,
  namespace: string,
  name: string,
): ReturnType<typeof pictureOf> | undefined {
  const key = keyOf(namespace, name);
  return snapshot.view.keys().has(key) ? pictureOf(snapshot, key) : undefined;
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

async function annotate(session: Session, name: string, value: 'true' | null): Promise<void> {
  const body = { metadata: { annotations: { [ANNOTATION.enabled]: value } } };
  await session.api.patch('services', session.namespace, name, body);
}

function done(session: Session, result: string, leaderService: string, text: string): void {
  session.print({ namespace: session.namespace, leaderService, result }, () => `${text}\n`);
}
