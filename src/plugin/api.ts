/** The API as the plugin uses it: whole lists, single objects, merge patches; what is refused is told in a sentence. */
import { ApiError, isStatus } from '../errors.ts';
import type { Call, KubeClient } from '../kube/client.ts';
import { describeCall } from '../kube/target.ts';
import { POLICY_API_VERSION } from '../names.ts';
import { listPages } from '../watch/list.ts';
import { CommandFailure } from './failure.ts';

const ROOT = {
  services: '/api/v1',
  pods: '/api/v1',
  namespaces: '/api/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  events: '/apis/events.k8s.io/v1',
  leaderpolicies: `/apis/${POLICY_API_VERSION}`,
} as const;
export type Resource = keyof typeof ROOT;

const PAGE = 500;
/** A list of a large cluster takes longer than a single object. */
const LIST_TIMEOUT_MS = 30_000;
/** A list that takes longer than the API server keeps its history (minutes) is begun again so often. */
const LIST_ATTEMPTS = 3;

export class Api {
  readonly #client: Pick<KubeClient, 'call'>;

  constructor(client: Pick<KubeClient, 'call'>) {
    this.#client = client;
  }

  /**
   * @param namespace undefined: all namespaces
   * @throws CommandFailure `forbidden`, and what the client throws
   */
  async list(
    resource: Resource,
    namespace: string | undefined,
    query: Readonly<Record<string, string>> = {},
  ): Promise<unknown[]> {
    const call: Call = {
      verb: 'list',
      resource,
      path: pathOf(resource, namespace),
      query,
      timeoutMs: LIST_TIMEOUT_MS,
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const items: unknown[] = [];
        for await (const page of listPages(call, PAGE, (each) => this.#call(each))) items.push(...page.items);
        return items;
      } catch (error) {
        if (!isStatus(error, 410) || attempt === LIST_ATTEMPTS) throw error;
      }
    }
  }

  /** @returns undefined where there is none. @throws CommandFailure `forbidden`, and what the client throws */
  async get<T>(resource: Resource, namespace: string, name: string): Promise<T | undefined> {
    try {
      return await this.#call<T>({ verb: 'get', resource, path: `${pathOf(resource, namespace)}/${name}` });
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /** A JSON merge patch. @throws CommandFailure `forbidden`, and what the client throws */
  async patch(resource: Resource, namespace: string, name: string, body: object): Promise<void> {
    const path = `${pathOf(resource, namespace)}/${name}`;
    const query = { fieldManager: 'kubectl-leader' };
    const contentType = 'application/merge-patch+json';
    await this.#call({ verb: 'patch', resource, path, query, contentType, body });
  }

  async #call<T>(call: Call): Promise<T> {
    try {
      return await this.#client.call<T>(call);
    } catch (error) {
      throw error instanceof ApiError && lacksRight(error) ? forbidden(call, error) : error;
    }
  }
}

/** Admission answers 403 too: there no right helps. */
function lacksRight({ status, message }: ApiError): boolean {
  return status === 403 && message.includes(': grant the verb ');
}

function forbidden(call: Call, cause: ApiError): CommandFailure {
  const what = describeCall(call);
  const everywhere = what.endsWith('in all namespaces');
  const where = everywhere ? ' in a ClusterRole, or give --namespace instead of --all-namespaces' : '';
  const message = `you may not ${what}; ask for the verb "${call.verb}" on "${call.resource}"${where}`;
  return new CommandFailure('forbidden', message, { cause });
}

function pathOf(resource: Resource, namespace: string | undefined): string {
  const scope = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${ROOT[resource]}${scope}/${resource}`;
}
