/** Reads pods at the API server itself, for a replica that must not trust its own watch (invariant I9). */
import { isStatus } from '../errors.ts';
import type { KubeClient } from '../kube/client.ts';
import { keyOf } from '../names.ts';
import type { Answers } from './apply-writes.ts';
import { objectPath } from './resources.ts';

const READ_TIMEOUT_MS = 2_000;

export class LiveLook {
  readonly #client: Pick<KubeClient, 'call'>;
  readonly #answers: Answers;

  constructor(client: Pick<KubeClient, 'call'>, answers: Answers) {
    this.#client = client;
    this.#answers = answers;
  }

  /** The caches have these pods as they are now, or know that they are gone. @throws what the client throws */
  async look(namespace: string, names: Iterable<string>): Promise<void> {
    await Promise.all(Array.from(new Set(names), (name) => this.#read(keyOf(namespace, name))));
  }

  async #read(key: string): Promise<void> {
    const seen = this.#answers.versionOf('pods', key);
    const path = objectPath('pods', key);
    try {
      const call = { verb: 'get', resource: 'pods', path, urgent: true, timeoutMs: READ_TIMEOUT_MS } as const;
      this.#answers.onObject('pods', await this.#client.call(call));
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      this.#answers.onGone('pods', key, seen);
    }
  }
}
