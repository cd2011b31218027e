/** Reads at the API server itself what a plan was made from, for a replica that must not trust its own watches (invariant I9). */
import { isStatus } from '../errors.ts';
import type { KubeClient } from '../kube/client.ts';
import { keyOf } from '../names.ts';
import type { BasisObject } from '../plan/basis.ts';
import type { Answered, Answers } from './apply-writes.ts';
import { objectPath } from './resources.ts';

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
        return this.#read(resource as Answered, keyOf(namespace, name));
      }),
    );
  }

  async #read(resource: Answered, key: string): Promise<void> {
    const seen = this.#answers.versionOf(resource, key);
    const path = objectPath(resource, key);
    try {
      const call = { verb: 'get', resource, path, urgent: true, timeoutMs: READ_TIMEOUT_MS } as const;
      this.#answers.onObject(resource, await this.#client.call(call));
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      this.#answers.onGone(resource, key, seen);
    }
  }
}
