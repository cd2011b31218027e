/** A fluent builder of LeaderPolicies, as the operator reads them: valid, with all defaults. */
import type {
  LeaderPolicyFailover,
  LeaderPolicyLeaderService,
  LeaderPolicyPort,
  LeaderPolicySelection,
  LeaderPolicySpec,
  LeaderPolicyStatus,
} from '../../src/api/leader-policy.ts';
import type { LeaderPolicy } from '../../src/api/objects.ts';
import { LEADER_SUFFIX } from '../../src/names.ts';
import { Builder, metadata } from './builder.ts';

export class PolicyBuilder extends Builder<LeaderPolicy> {
  /** Any field of spec. */
  spec(fields: Partial<LeaderPolicySpec>): this {
    return this.with({ spec: { ...this.#valid, ...fields } });
  }

  /** The source Service; the leader Service is named after it. */
  of(serviceName: string): this {
    const leaderServiceName = serviceName + LEADER_SUFFIX;
    return this.spec({ serviceRef: { name: serviceName } }).with({ serviceName, leaderServiceName });
  }

  leaderService(fields: Partial<LeaderPolicyLeaderService>): this {
    const { name: leaderServiceName = this.value.leaderServiceName } = fields;
    return this.spec({ leaderService: { ...this.#valid.leaderService, ...fields } }).with(
      leaderServiceName === undefined ? {} : { leaderServiceName },
    );
  }

  ports(...ports: LeaderPolicyPort[]): this {
    return this.spec({ ports });
  }

  selection(fields: Partial<LeaderPolicySelection>): this {
    return this.spec({ selection: { ...this.#valid.selection, ...fields } });
  }

  failover(fields: Partial<LeaderPolicyFailover>): this {
    return this.spec({ failover: { ...this.#valid.failover, ...fields } });
  }

  paused(): this {
    return this.spec({ paused: true });
  }

  switchover(podName: string, requestId: string): this {
    return this.spec({ switchover: { podName, requestId } });
  }

  /** Of an older CRD, or edited past the API server: what it asks for is not known. */
  invalid(...problems: string[]): this {
    return this.without('spec').with({ problems });
  }

  status(status: LeaderPolicyStatus): this {
    return this.with({ status });
  }

  get #valid(): LeaderPolicySpec {
    const { spec } = this.value;
    if (spec === undefined) throw new Error('expected a valid policy, got one with problems');
    return spec;
  }
}

/** For Service web and leader Service web-leader, as if nothing but spec.serviceRef had been written. */
export function policy(name = 'lp'): PolicyBuilder {
  return new PolicyBuilder({
    ...metadata(name),
    generation: 1,
    serviceName: 'web',
    leaderServiceName: 'web-leader',
    spec: {
      serviceRef: { name: 'web' },
      leaderService: { type: 'ClusterIP' },
      selection: { strategy: 'OldestReady', sticky: true, minReadySeconds: 0 },
      failover: {
        gracePeriodSeconds: 0,
        failbackDelaySeconds: 0,
        mode: 'Automatic',
        handoverGapSeconds: 0,
      },
      paused: false,
      historyLimit: 10,
    },
    problems: [],
    status: {},
  });
}

export function policyPort(name: string, port: number, targetPort: number | string = port): LeaderPolicyPort {
  return { name, port, targetPort, protocol: 'TCP' };
}
