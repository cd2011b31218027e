import { isStatus } from '../errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Answered, Answers } from './apply-writes.ts';
import { objectPath } from './resources.ts';

export interface Read {
  readonly resource: Answered;
  /** `namespace/name` */
  readonly key: string;
  readonly timeoutMs: number;
}

/** The caches have the object as it is now, or know that it is gone. @throws what the client throws for anything but 404 */
export async function readInto(
  answers: Answers,
  client: Pick<KubeClient, 'call'>,
  { resource, key, timeoutMs }: Read,
): Promise<void> {
  const seen = answers.versionOf(resource, key);
  const path = objectPath(resource, key);
  try {
    answers.onObject(resource, await client.call({ verb: 'get', resource, path, urgent: true, timeoutMs }));
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
    answers.onGone(resource, key, seen);
  }
}
