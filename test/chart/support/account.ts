/** Writes with the token of a ServiceAccount, as somebody would who got hold of it. */
import { sharedCluster } from '../../integration/support/shared.ts';

const MERGE = ['--type', 'merge', '--patch'];

export class Account {
  readonly #kubeconfig: string;
  readonly #namespace: string;

  /** @param namespace where it writes */
  constructor(kubeconfig: string, namespace: string) {
    this.#kubeconfig = kubeconfig;
    this.#namespace = namespace;
  }

  async create(body: object): Promise<void> {
    await this.#kubectl(['create', '-f', '-'], body);
  }

  /** A PUT. */
  async replace(body: object): Promise<void> {
    await this.#kubectl(['replace', '-f', '-'], body);
  }

  /** A JSON merge patch. */
  async patch(resource: string, name: string, patch: object): Promise<void> {
    await this.#kubectl(['patch', resource, name, ...MERGE, JSON.stringify(patch)]);
  }

  async delete(resource: string, name: string): Promise<void> {
    await this.#kubectl(['delete', resource, name, '--wait=false']);
  }

  async #kubectl(args: readonly string[], body?: object): Promise<void> {
    const who = ['--kubeconfig', this.#kubeconfig, '--namespace', this.#namespace];
    await sharedCluster().kubectl([...who, ...args], body === undefined ? '' : JSON.stringify(body));
  }
}
