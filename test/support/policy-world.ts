/** A namespace in which one LeaderPolicy leads Service web, which has no annotations. */
import type { LeaderPolicyStatus } from '../../src/api/leader-policy.ts';
import type { EndpointSlice, LeaderPolicy, Pod, Service } from '../../src/api/objects.ts';
import { SLICE_ANNOTATION, sliceName } from '../../src/names.ts';
import type { Plan } from '../../src/plan/types.ts';
import { policy, service, type PolicyBuilder, type ServiceBuilder } from './builders.ts';
import { World } from './world.ts';

export const LEADER = 'web-leader';

/** Not opted in by annotation. */
export function plainService(name = 'web'): ServiceBuilder {
  return service(name).with({ annotations: {} });
}

/** Status and reason of one condition, such as `True LeaderPublished`. */
export function conditionOf({ conditions = [] }: LeaderPolicyStatus, type: string): string | undefined {
  const condition = conditions.find((one) => one.type === type);
  return condition === undefined ? undefined : `${condition.status} ${condition.reason}`;
}

export class PolicyWorld extends World {
  constructor(builder: PolicyBuilder = policy(), ...pods: Pod[]) {
    super(plainService().build(), ...pods);
    this.applyPolicy(builder.build());
  }

  /** Comes to rest, and hands over the last plan. */
  last(): Plan {
    const step = this.settle()
      .filter(({ input }) => input.name === LEADER)
      .at(-1);
    if (step === undefined) throw new Error('expected a plan');
    return step.plan;
  }

  /** One plan, applied. */
  next(): Plan {
    return this.step(LEADER).plan;
  }

  ask(builder: PolicyBuilder): this {
    this.applyPolicy(builder.build());
    return this;
  }

  pass(milliseconds: number): this {
    this.now += milliseconds;
    return this;
  }

  get policy(): LeaderPolicy {
    const found = this.policies.get('lp');
    if (found === undefined) throw new Error('expected LeaderPolicy lp to exist');
    return found;
  }

  get status(): LeaderPolicyStatus {
    return this.policy.status;
  }

  get leaderService(): Service | undefined {
    return this.service(LEADER);
  }

  get leaderSlice(): EndpointSlice | undefined {
    return this.slice(sliceName(LEADER, 'IPv4'));
  }

  /** Name of the pod that is published. */
  get leader(): string | undefined {
    return this.leaderSlice?.endpoints[0]?.podName;
  }

  condition(type: string): string | undefined {
    return conditionOf(this.status, type);
  }

  /** Of the leader Service. */
  get owners(): string[] | undefined {
    return this.leaderService?.owners.map(
      ({ kind, name, controller }) => `${kind} ${name}${controller ? ' (controller)' : ''}`,
    );
  }

  /** What stays when the leader Service is handed over, and would not where it was made again. */
  get identity(): object {
    const { uid, clusterIP } = this.leaderService ?? {};
    const epoch = this.leaderSlice?.annotations[SLICE_ANNOTATION.epoch];
    return { uid, clusterIP, epoch, leader: this.leader };
  }

  /** Reasons of what was told of the policy. */
  get reasons(): string[] {
    return this.told.filter(({ about }) => about.kind === 'LeaderPolicy').map(({ reason }) => reason);
  }
}
