import { expect } from 'chai';
import type {
  LeaderPolicyCondition,
  LeaderPolicyHistoryEntry,
  LeaderPolicyStatus,
} from '../../../src/api/leader-policy.ts';
import { installCrd } from './crd.ts';
import { eventually } from './eventually.ts';
import type { Namespace, ServiceOptions } from './namespace.ts';
import type { OperatorOptions } from './operator-process.ts';
import type { PodHandle, PodOptions } from './pod.ts';
import type { Metadata } from './shapes.ts';
import { withOperator, type Stage } from './with-operator.ts';

export interface Policy {
  metadata: Metadata & { generation: number };
  spec: Record<string, unknown>;
  status?: LeaderPolicyStatus;
}

const MERGE = 'application/merge-patch+json';

/** As `withOperator`, on a cluster that has the CustomResourceDefinition. */
export function withPolicies(prefix: string, options: Partial<OperatorOptions> = {}): Stage {
  before(async function () {
    this.timeout(20_000);
    await installCrd();
  });
  return withOperator(prefix, options);
}

/** Creates a policy for the Service of the same name, unless the spec says otherwise. */
export async function createPolicy(ns: Namespace, name: string, spec: object = {}): Promise<PolicyHandle> {
  const body = {
    apiVersion: 'zen-lead.io/v1alpha1',
    kind: 'LeaderPolicy',
    metadata: { name },
    spec: { serviceRef: { name }, ...spec },
  };
  await ns.cluster.api.call('POST', ns.path('leaderpolicies'), { body });
  return new PolicyHandle(ns, name);
}

export interface LedOptions {
  /** Pods; 2 unless told otherwise. */
  count?: number;
  service?: ServiceOptions;
  pods?: PodOptions;
}

export interface Led {
  readonly policy: PolicyHandle;
  readonly pods: readonly PodHandle[];
  /** Name of the leader Service. */
  readonly leader: string;
}

/** A Service without annotations, its pods, and a policy with this spec: `<name>-0` leads. */
export async function ledByPolicy(
  ns: Namespace,
  name: string,
  spec: object = {},
  { count = 2, service = {}, pods: podOptions = {} }: LedOptions = {},
): Promise<Led> {
  await ns.createService(name, { annotations: false, ...service });
  const pods = await ns.createPods(name, count, podOptions);
  const policy = await createPolicy(ns, name, spec);
  const leader = `${name}-leader`;
  await ns.leads(leader, `${name}-0`);
  await policy.isLedBy(`${name}-0`);
  return { policy, pods, leader };
}

/** A policy on the real API. */
export class PolicyHandle {
  readonly ns: Namespace;
  readonly name: string;

  constructor(ns: Namespace, name: string) {
    this.ns = ns;
    this.name = name;
  }

  get path(): string {
    return this.ns.path('leaderpolicies', this.name);
  }

  async get(): Promise<Policy> {
    return this.ns.cluster.api.call<Policy>('GET', this.path);
  }

  /** As the operator has written it so far. */
  async status(): Promise<LeaderPolicyStatus> {
    return (await this.get()).status ?? {};
  }

  async condition(type: string): Promise<LeaderPolicyCondition | undefined> {
    return (await this.status()).conditions?.find((condition) => condition.type === type);
  }

  async history(): Promise<readonly LeaderPolicyHistoryEntry[]> {
    return (await this.status()).history ?? [];
  }

  /** A JSON merge patch of spec. */
  async set(spec: object): Promise<Policy> {
    return this.patch({ spec });
  }

  /** A JSON merge patch. */
  async patch(body: object): Promise<Policy> {
    return this.ns.cluster.api.call<Policy>('PATCH', this.path, { contentType: MERGE, body });
  }

  /** What another hand than the operator's writes there. */
  async patchStatus(status: object): Promise<void> {
    await this.ns.cluster.api.call('PATCH', `${this.path}/status`, { contentType: MERGE, body: { status } });
  }

  async switchover(podName: string, requestId: string): Promise<void> {
    await this.set({ switchover: { podName, requestId } });
  }

  async delete(query = ''): Promise<void> {
    await this.ns.cluster.api.call('DELETE', `${this.path}${query}`);
  }

  /** Waits until the status is as the assertion says. */
  async becomes(
    assertion: (status: LeaderPolicyStatus) => void,
    timeout = 5_000,
  ): Promise<LeaderPolicyStatus> {
    return eventually(
      async () => {
        const status = await this.status();
        assertion(status);
        return status;
      },
      { timeout, describe: `the status of ${this.ns.name}/${this.name}` },
    );
  }

  /** Waits until the status says that this pod leads; undefined: nobody. */
  async isLedBy(pod: string | undefined): Promise<LeaderPolicyStatus> {
    return this.becomes(({ leader }) => {
      expect(leader?.podName).to.equal(pod);
    });
  }

  /** Waits until a condition has a status and a reason, such as `Ready`, `False/NoReadyPods`. */
  async hasCondition(type: string, verdict: string, timeout?: number): Promise<LeaderPolicyCondition> {
    const { conditions = [] } = await this.becomes((status) => {
      const found = status.conditions?.find((condition) => condition.type === type);
      expect(`${found?.status ?? ''}/${found?.reason ?? ''}`, type).to.equal(verdict);
    }, timeout);
    return conditions.find((condition) => condition.type === type)!;
  }
}
