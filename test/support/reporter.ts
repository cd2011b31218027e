import { Reporter, type Report } from '../../src/apply/reporter.ts';
import { nullLogger } from '../../src/logger.ts';
import type { ObjectReference } from '../../src/api/objects.ts';
import type { PlanEvent, StatusUpdate } from '../../src/plan/types.ts';
import { FakeClient } from './fake-client.ts';
import { FakeClock } from './fake-clock.ts';

export const KEY = 'shop/web-leader';
const WEB: ObjectReference = {
  apiVersion: 'v1',
  kind: 'Service',
  namespace: 'shop',
  name: 'web',
  uid: 'uid-web',
};

export function happened(id: string): PlanEvent {
  return { type: 'Normal', reason: 'LeaderChanged', note: id, about: WEB, id };
}

export function state(note: string): PlanEvent {
  return { type: 'Warning', reason: 'NameConflict', note, about: WEB };
}

/** The status of policy `pg` as it was at a resourceVersion. */
export function status(failovers: number, resourceVersion = '7'): StatusUpdate {
  const policy = {
    apiVersion: 'zen-lead.io/v1alpha1',
    kind: 'LeaderPolicy',
    namespace: 'shop',
    name: 'pg',
    uid: 'uid-pg',
  };
  return { policy, resourceVersion, patch: { failovers } };
}

export function report(fields: Partial<Report> = {}): Report {
  return { happened: [], states: [], statuses: [], ...fields };
}

export function annotated(value: string, fields: Partial<Report> = {}): Report {
  return report({ ...fields, annotations: { uid: 'u', values: { 'zen-lead.io/leader-pod-name': value } } });
}

/** Until a report goes out. */
export const CALM_MS = 250;

/** A reporter whose sends are notes: of Events what they say, of annotations and statuses their values. */
export class ReporterUnderTest {
  readonly clock = new FakeClock();
  readonly client = new FakeClient();
  /** Everything that was sent, in order. */
  readonly sent: string[] = [];
  readonly answers: unknown[] = [];
  readonly failed: string[] = [];
  readonly stale: string[] = [];
  /** resourceVersion of the policy in the cache. */
  policyVersion: string | undefined = '7';
  /** What the next Events and annotations end with: an error, or a promise that holds them up. */
  readonly troubles: (Error | Promise<unknown> | undefined)[] = [];
  busy = false;
  readonly reporter: Reporter;

  constructor() {
    this.reporter = new Reporter({
      client: {
        call: async <T>(call: Parameters<FakeClient['call']>[0]): Promise<T> => {
          this.sent.push(noteOf(call));
          await this.#trouble();
          return this.client.call(call);
        },
      },
      events: {
        tell: async ({ note }) => {
          this.sent.push(note);
          await this.#trouble();
        },
      },
      answers: {
        versionOf: () => this.policyVersion,
        onObject: (resource, raw) => this.answers.push([resource, raw]),
      },
      log: nullLogger,
      clock: this.clock,
      isBusy: () => this.busy,
      onFailed: (key) => this.failed.push(key),
      onStale: (key) => this.stale.push(key),
    });
  }

  /** Submits, and lets the time pass in which reports are put together. */
  async report(...reports: Report[]): Promise<string[]> {
    for (const each of reports) this.reporter.submit(KEY, each);
    await this.clock.advance(CALM_MS);
    return this.sent.splice(0);
  }

  async #trouble(): Promise<void> {
    const trouble = await this.troubles.shift();
    if (trouble instanceof Error) throw trouble;
  }
}

function noteOf({ verb, body }: Parameters<FakeClient['call']>[0]): string {
  const { metadata, status: patch } = (body ?? {}) as {
    metadata?: { annotations?: object };
    status?: object;
  };
  if (verb === 'get') return 'read the policy';
  if (patch !== undefined) return `status ${JSON.stringify(patch)}`;
  return `annotations ${Object.values(metadata?.annotations ?? {}).join()}`;
}
