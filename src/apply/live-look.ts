/** Reads at the API server itself what a plan was made from, for a replica that must not trust its own watches (invariant I9). */
import type { KubeClient } from '../kube/client.ts';
import { keyOf } from '../names.ts';
import type { BasisObject } from '../plan/basis.ts';
import type { Answered, Answers } from './apply-writes.ts';
import { readInto } from './read-into.ts';

const READ_TIMEOUT_MS = 2_000;

export class LiveLook {
  readonly #client: Pick<KubeClient, 'call'>;
  readonly #answers: Answers;

  constructor(client: Pick<KubeClient, 'call'>, answers: Answers) {
    this.#client = client;
    this.#answers = answers;
  }

  /** The caches have these objects as they are now, or know that they are gone. @throws what the client throws */
  async look(namespace: string, objects: readonly BasisObject[]): Promise<void> {
    await Promise.all(
      objects.map((object) => {
        const [resource, name = ''] = object.split('/');
        const key = keyOf(namespace, name);
        return readInto(this.#answers, this.#client, {
          resource: resource as Answered,
          key,
          timeoutMs: READ_TIMEOUT_MS,
        });
      }),
    );
  }
}
