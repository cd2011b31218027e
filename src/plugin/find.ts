/** Which leader Services the user means: by the name of the leader Service itself, or of its source. */
import { keyOf } from '../names.ts';
import { CommandFailure } from './failure.ts';
import { pictureOf, type Picture } from './picture.ts';
import type { Snapshot } from './snapshot.ts';

/** At least one. @throws CommandFailure `notFound` */
export function findAll(snapshot: Snapshot, namespace: string, name: string): readonly Picture[] {
  const { view } = snapshot;
  const keys = view.keys();
  const own = keyOf(namespace, name);
  if (keys.has(own)) return [pictureOf(snapshot, own)];
  const found = [...keys]
    .sort()
    .map((key) => pictureOf(snapshot, key))
    .filter((picture) => picture.sourceName === name);
  if (found.length > 0) return found;
  throw notFound(snapshot, namespace, name);
}

/** @throws CommandFailure `notFound`; `usage` where a source has several leader Services */
export function findOne(snapshot: Snapshot, namespace: string, name: string): Picture {
  const [first, ...more] = findAll(snapshot, namespace, name);
  if (first === undefined) throw notFound(snapshot, namespace, name);
  if (more.length === 0) return first;
  const names = [first, ...more].map((picture) => picture.name).join(', ');
  throw new CommandFailure(
    'usage',
    `Service ${name} has several leader Services; name one of them: ${names}`,
  );
}

function notFound({ view, reads }: Snapshot, namespace: string, name: string): CommandFailure {
  const service = view.stores.services.get(keyOf(namespace, name));
  if (service === undefined) {
    const message = `there is no Service ${name} in namespace ${namespace}; see kubectl leader list --all-namespaces`;
    return new CommandFailure('notFound', message);
  }
  const maybe = reads.policies ? '' : ' that you may see';
  return new CommandFailure(
    'notFound',
    `Service ${name} in namespace ${namespace} has no leader Service${maybe}; make one: kubectl leader enable ${name} -n ${namespace}`,
  );
}

/** A leader Service that is asked for and not there. */
export function missing({ namespace, name, sourceName, by, claim }: Picture): CommandFailure {
  const problem = claim?.request.problems[0]?.note;
  const asked =
    by.kind === 'Service' ? `Service ${sourceName} is enabled` : `LeaderPolicy ${by.name} asks for it`;
  const why =
    problem ??
    `${asked}, so zen-lead does not run, or does not work in this namespace: kubectl get deployments -A -l app.kubernetes.io/name=zen-lead`;
  return new CommandFailure(
    'notFound',
    `there is no leader Service ${name} in namespace ${namespace}: ${why}`,
  );
}
