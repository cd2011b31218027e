/** A namespace in memory, and the operator in it: its caches, its memory, and its plans applied. */
import type { LeaderPolicyHistoryEntry } from '../../src/api/leader-policy.ts';
import type { EndpointSlice, LeaderPolicy, Pod, Service } from '../../src/api/objects.ts';
import { KCM_SLICE_MANAGER, LABEL, POLICY_KIND } from '../../src/names.ts';
import { namesByAnnotation, parseAnnotations, serviceRequester } from '../../src/plan/annotation-request.ts';
import { recall } from '../../src/plan/memory.ts';
import { controllerOf, isLabelledOurs, isOurSlice } from '../../src/plan/ownership.ts';
import { plan } from '../../src/plan/plan.ts';
import { namesByPolicy, parsePolicy, policyRequester } from '../../src/plan/policy-request.ts';
import type { Requester } from '../../src/plan/request.ts';
import type { Claim, Input, Memory, Plan, PlanEvent } from '../../src/plan/types.ts';
import { projectEndpointSlice, projectService } from '../../src/watch/projections.ts';
import { mergePatch, type Raw } from './api-server.ts';
import { NAMESPACE } from './builders.ts';
import { deepFreeze } from './freeze.ts';
import { Namespace } from './namespace.ts';

export interface Step {
  readonly input: Input;
  readonly plan: Plan;
}

export class World extends Namespace {
  readonly memories = new Map<string, Memory>();
  readonly histories = new Map<string, readonly LeaderPolicyHistoryEntry[]>();
  /** Every happening that was told, in order. */
  readonly told: PlanEvent[] = [];
  /** How many status updates were written. */
  statusWrites = 0;
  /** While false, LeaderPolicies cannot be read: none is known, and none is known to be gone. */
  policiesKnown = true;
  /** While false, nothing is reported: no Events, no annotations, no statuses. */
  isReporting = true;

  constructor(source?: Service, ...pods: Pod[]) {
    super();
    if (source !== undefined) this.sources.set(source.name, source);
    this.pods = pods;
  }

  /** Plans and applies, all names in turn, until a round has nothing left to do. Throws where that takes too long. */
  settle(maxRounds = 4): Step[] {
    const steps: Step[] = [];
    for (let round = 0; round <= maxRounds; round += 1) {
      this.kubeControllerManager();
      const latest = this.names().map((name) => this.step(name));
      steps.push(...latest);
      if (latest.every((step) => this.#isDone(step.plan))) return steps;
    }
    const left = this.names().map((name) => plan(this.gather(name)));
    throw new Error(`expected rest after ${maxRounds} rounds, got ${JSON.stringify(left)}`);
  }

  step(name: string): Step {
    const input = deepFreeze(this.gather(name));
    const planned = plan(input);
    for (const write of planned.writes) this.apply(write);
    this.memories.delete(name);
    this.histories.delete(name);
    if (input.claims.length > 0) {
      this.memories.set(name, planned.memory);
      if (planned.history !== undefined) this.histories.set(name, planned.history);
    }
    if (this.isReporting) this.#report(name, planned);
    return { input, plan: planned };
  }

  #report(name: string, { happened, annotations, statuses }: Plan): void {
    this.told.push(...happened);
    const actual = this.services.get(name);
    if (annotations !== undefined && actual !== undefined) {
      this.store(this.services, mergePatch(actual, { metadata: { annotations } }) as Raw);
    }
    for (const status of statuses) this.updateStatus(status);
    this.statusWrites += statuses.length;
  }

  /** What is not reported is owed, and does not keep the namespace from resting. */
  #isDone({ writes, again, annotations, statuses }: Plan): boolean {
    const isWritten = writes.length === 0 && !again;
    return isWritten && (!this.isReporting || (annotations === undefined && statuses.length === 0));
  }

  /** The process ends, and with it what only it remembers. */
  restart(): void {
    this.memories.clear();
    this.histories.clear();
  }

  /** Leader Service names that somebody wants or that we made. */
  names(): string[] {
    const annotated = [...this.sources.values()].flatMap((source) => this.#namesBySource(source));
    const asked = [...this.policies.values()].flatMap((policy) => this.#namesByPolicy(policy));
    const made = this.#ours().map(({ name }) => name);
    return [...new Set([...annotated, ...asked, ...made])].sort();
  }

  gather(name: string): Input {
    const actual = this.service(name);
    const owner = actual === undefined ? undefined : this.#ownerOf(actual);
    const remembered = this.memories.get(name);
    const history = this.histories.get(name);
    const slices = [...this.slices.values()].map(projectEndpointSlice);
    const ours = slices.filter((slice) => isOurSlice(slice, name));
    const leader = remembered === undefined ? recall(ours, undefined, undefined) : remembered;
    const leaderPod = this.pods.find((pod) => pod.name === leader.podName);
    const named = slices.filter(
      (slice) => slice.labels[LABEL.serviceName] === name || slice.name.startsWith(`${name}-zen-lead-`),
    );
    return {
      now: this.now,
      namespace: NAMESPACE,
      name,
      claims: this.#claims(name),
      ...(actual === undefined ? {} : { actual }),
      ...(owner === undefined ? {} : { owner }),
      policiesKnown: this.policiesKnown,
      slices: named.filter((slice) => !isKcm(slice)),
      kcmSlices: named.filter(isKcm),
      ...(remembered === undefined ? {} : { remembered }),
      ...(history === undefined ? {} : { history }),
      ...(leaderPod === undefined ? {} : { leaderPod }),
    };
  }

  #claims(name: string): Claim[] {
    const annotated = [...this.sources.values()].flatMap((source) => {
      const request = parseAnnotations(source);
      if (request === undefined || !this.#namesBySource(source).includes(name)) return [];
      return [{ request, pods: this.podsOf(source) }];
    });
    const asked = [...this.policies.values()].flatMap((policy) => {
      if (!this.#namesByPolicy(policy).includes(name)) return [];
      const source = this.sources.get(policy.serviceName ?? '');
      const pods = source === undefined ? [] : this.podsOf(source);
      return [{ request: parsePolicy(policy, source), pods }];
    });
    return [...annotated, ...asked];
  }

  #ownerOf(actual: Service): Requester | undefined {
    const uid = controllerOf(actual)?.uid;
    const source = [...this.sources.values()].find((one) => one.uid === uid);
    if (source !== undefined) return serviceRequester(source);
    const policy = [...this.policies.values()].find((one) => one.uid === uid);
    return policy === undefined ? undefined : policyRequester(policy);
  }

  #namesBySource(source: Service): readonly string[] {
    const isMade = (made: Service): boolean =>
      controllerOf(made)?.kind !== POLICY_KIND && made.labels[LABEL.sourceService] === source.name;
    return namesByAnnotation(
      source,
      this.#ours()
        .filter(isMade)
        .map(({ name }) => name),
    );
  }

  #namesByPolicy(policy: LeaderPolicy): readonly string[] {
    const isMade = (made: Service): boolean => {
      const controller = controllerOf(made);
      return controller?.kind === POLICY_KIND && controller.name === policy.name;
    };
    return namesByPolicy(
      policy,
      this.#ours()
        .filter(isMade)
        .map(({ name }) => name),
    );
  }

  #ours(): Service[] {
    return [...this.services.values()].map(projectService).filter(isLabelledOurs);
  }
}

/** Nothing is to be written, and nothing to be told. */
export function isQuiet({ writes, again, annotations, statuses }: Plan): boolean {
  return writes.length === 0 && !again && annotations === undefined && statuses.length === 0;
}

function isKcm({ labels }: EndpointSlice): boolean {
  return labels[LABEL.sliceManagedBy] === KCM_SLICE_MANAGER;
}
