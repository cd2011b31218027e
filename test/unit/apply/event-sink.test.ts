import { expect } from 'chai';
import { EventSink, eventName } from '../../../src/apply/event-sink.ts';
import { UnreachableError } from '../../../src/errors.ts';
import { serviceRequester } from '../../../src/plan/annotation-request.ts';
import { referenceTo } from '../../../src/plan/notes.ts';
import type { PlanEvent } from '../../../src/plan/types.ts';
import { MINUTE, NOW, SECOND, service } from '../../support/builders.ts';
import { apiError, FakeClient } from '../../support/fake-client.ts';

const referenceOf = (source: ReturnType<typeof service>): PlanEvent['about'] =>
  referenceTo(serviceRequester(source.build()));
const WEB = referenceOf(service('web'));
const EVENTS = '/apis/events.k8s.io/v1/namespaces/shop/events';
/** A state: it has no identity of its own. */
const CONFLICT: PlanEvent = { type: 'Warning', reason: 'NameConflict', note: 'name is taken', about: WEB };
/** A happening. */
const CHANGED: PlanEvent = {
  type: 'Normal',
  reason: 'LeaderChanged',
  note: 'pod b leads instead of a',
  about: WEB,
  id: 'epoch-2-uid-b',
  pod: { name: 'b', uid: 'uid-b' },
};
const EXISTS = apiError(409, 'AlreadyExists');
const AWAY = apiError(503, 'ServiceUnavailable');

class World {
  readonly client: FakeClient;
  readonly sink: EventSink;
  now = NOW;

  constructor(...answers: unknown[]) {
    this.client = new FakeClient(...answers);
    this.sink = new EventSink({ client: this.client, instance: 'zen-lead-0', now: () => this.now });
  }

  async tell(...events: PlanEvent[]): Promise<this> {
    for (const event of events) await this.sink.tell(event);
    return this;
  }
}

/** Rejections as values. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('An Event', () => {
  it('has all that events.k8s.io/v1 asks for', async () => {
    const { client } = await new World().tell(CHANGED);
    const name = eventName(CHANGED);
    expect(client.calls).to.deep.equal([
      {
        verb: 'create',
        resource: 'events',
        path: EVENTS,
        body: {
          apiVersion: 'events.k8s.io/v1',
          kind: 'Event',
          metadata: { name, namespace: 'shop' },
          eventTime: '2026-03-01T12:00:00.000000Z',
          type: 'Normal',
          reason: 'LeaderChanged',
          note: 'pod b leads instead of a',
          action: 'Failover',
          reportingController: 'zen-lead.io/operator',
          reportingInstance: 'zen-lead-0',
          regarding: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web', uid: 'uid-web' },
          related: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'b', uid: 'uid-b' },
        },
      },
    ]);
  });

  it('is about the LeaderPolicy that it is told on', async () => {
    const policy = { apiVersion: 'zen-lead.io/v1alpha1', kind: 'LeaderPolicy' };
    const about = { ...policy, namespace: 'shop', name: 'pg', uid: 'u' };
    const { client } = await new World().tell({ ...CHANGED, about });
    expect(client.calls[0]?.body).to.deep.include({ regarding: about });
  });

  it('names no pod where it is about none, and has an action all the same', async () => {
    const { client } = await new World().tell(CONFLICT);
    expect(client.calls[0]?.body).not.to.have.property('related');
    expect(client.calls[0]?.body).to.include({ action: 'Reconcile' });
  });
});

describe('The name of an Event', () => {
  const cases: readonly [string, PlanEvent, boolean][] = [
    ['is the same for the same words', { ...CONFLICT }, true],
    ['differs by reason', { ...CONFLICT, reason: 'InvalidService' }, false],
    ['differs by note', { ...CONFLICT, note: 'other' }, false],
    [
      'differs by the Service, even under the same name',
      { ...CONFLICT, about: referenceOf(service().uid('x')) },
      false,
    ],
    ['differs for a happening', { ...CONFLICT, id: 'x' }, false],
  ];
  for (const [what, event, same] of cases) {
    it(what, () => {
      expect(eventName(event) === eventName(CONFLICT)).to.equal(same);
    });
  }

  it('is that of the happening, whatever is said of it', () => {
    expect(eventName({ ...CHANGED, note: 'pod b leads' })).to.equal(eventName(CHANGED));
    expect(eventName({ ...CHANGED, id: 'epoch-3-uid-b' })).not.to.equal(eventName(CHANGED));
  });

  it('is one that the API server takes', () => {
    const about = referenceOf(service('a'.repeat(63)));
    expect(eventName({ ...CONFLICT, about })).to.match(/^a{63}\.[0-9a-f]{16}$/);
    const policy = { ...about, kind: 'LeaderPolicy', name: `${'p'.repeat(235)}.${'q'.repeat(17)}` };
    expect(eventName({ ...CONFLICT, about: policy })).to.match(/^p{235}\.[0-9a-f]{16}$/);
  });
});

describe('An Event that is told again', () => {
  it('after a restart is there already, which is no error', async () => {
    const { client } = await new World(EXISTS).tell(CONFLICT);
    expect(client.said).to.deep.equal([`create ${EVENTS}`]);
  });

  it('counts up its series where the state has begun again', async () => {
    const world = await new World().tell(CONFLICT);
    world.now += 61 * SECOND;
    await world.tell(CONFLICT, CONFLICT);
    const path = `${EVENTS}/${eventName(CONFLICT)}`;
    const lastObservedTime = '2026-03-01T12:01:01.000000Z';
    expect(world.client.calls.slice(1)).to.deep.equal(
      [2, 3].map((count) => ({
        verb: 'patch',
        resource: 'events',
        path,
        contentType: 'application/merge-patch+json',
        body: { series: { count, lastObservedTime } },
      })),
    );
  });

  it('counts on from one that was there already', async () => {
    const { client } = await new World(EXISTS).tell(CONFLICT, CONFLICT);
    expect(client.calls[1]?.body).to.deep.include({
      series: { count: 2, lastObservedTime: '2026-03-01T12:00:00.000000Z' },
    });
  });

  it('is made again where it has run out', async () => {
    const { client } = await new World({}, apiError(404, 'NotFound')).tell(CONFLICT, CONFLICT);
    expect(client.calls.map(({ verb }) => verb)).to.deep.equal(['create', 'patch', 'create']);
  });

  it('is not told where it has an identity: it happened once', async () => {
    const { client } = await new World().tell(CHANGED, CHANGED, { ...CHANGED, note: 'pod b leads' });
    expect(client.calls).to.have.length(1);
  });

  it('is made, not counted, where the first attempt failed', async () => {
    const world = new World(new UnreachableError('refused', 'no'));
    expect(await failure(world.tell(CHANGED))).to.be.instanceOf(UnreachableError);
    await world.tell(CHANGED);
    expect(world.client.said).to.deep.equal([`create ${EVENTS}`, `create ${EVENTS}`]);
  });
});

describe('An error of the API server', () => {
  it('is no matter where the namespace is being deleted', async () => {
    const causes = ['NamespaceTerminating'];
    await new World(apiError(403, 'Forbidden', { causes })).tell(CONFLICT);
  });

  for (const error of [
    apiError(403, 'Forbidden'),
    apiError(500, 'InternalError'),
    apiError(422, 'Invalid'),
  ]) {
    it(`${error.reason} is the caller's`, async () => {
      expect(await failure(new World(error).tell(CONFLICT))).to.equal(error);
    });
  }

  it("at a series is the caller's, too", async () => {
    const error = apiError(500, 'InternalError');
    expect(await failure(new World({}, error).tell(CONFLICT, CONFLICT))).to.equal(error);
  });
});

describe('The Events of one Service', () => {
  const happening = (id: number, about = WEB): PlanEvent => ({ ...CHANGED, id: String(id), about });
  const burst = (from = 0, about = WEB): PlanEvent[] =>
    Array.from({ length: 40 }, (_, i) => happening(from + i, about));

  it('are at most 25 at once', async () => {
    expect((await new World().tell(...burst())).client.calls).to.have.length(25);
  });

  it('are limited apart from those of another one', async () => {
    const world = await new World().tell(...burst());
    await world.tell(...burst(0, referenceOf(service('api'))));
    expect(world.client.calls).to.have.length(50);
  });

  it('are one a minute more, to the second', async () => {
    const world = await new World().tell(...burst());
    const told: number[] = [];
    for (const seconds of [59, 1, 59, 1, 90, 30]) {
      world.now += seconds * SECOND;
      const before = world.client.calls.length;
      await world.tell(...burst(1000 * world.now));
      told.push(world.client.calls.length - before);
    }
    expect(told).to.deep.equal([0, 1, 0, 1, 1, 1]);
  });

  it('are at most 25 at once after a long time, too', async () => {
    const world = await new World().tell(...burst());
    world.now += 600 * MINUTE;
    await world.tell(...burst(100));
    expect(world.client.calls).to.have.length(50);
  });

  it('are one a minute more after the clock was set back, too', async () => {
    const world = await new World().tell(...burst());
    world.now -= 60 * MINUTE;
    await world.tell(...burst(100));
    world.now += MINUTE;
    expect((await world.tell(...burst(200))).client.calls).to.have.length(26);
  });

  it('count only where they were written, however often that failed', async () => {
    const world = new World(...Array.from({ length: 30 }, () => AWAY));
    for (let i = 0; i < 30; i += 1) expect(await failure(world.tell(CONFLICT)), `${i}`).to.equal(AWAY);
    await world.tell(CONFLICT, ...burst());
    expect(world.client.calls.map(({ verb }) => verb)).to.deep.equal(Array(30 + 25).fill('create'));
  });

  it('are at most 25 at once where several are told at the same time, and fail after a refill', async () => {
    const gate = Promise.withResolvers<unknown>();
    const world = new World(...Array.from({ length: 25 }, () => gate.promise));
    const failing = Promise.allSettled(burst().map(async (event) => world.sink.tell(event)));
    expect(world.client.calls).to.have.length(25);
    world.now += 2 * MINUTE;
    await world.tell(happening(1000));
    gate.reject(AWAY);
    await failing;
    expect((await world.tell(...burst())).client.calls).to.have.length(25 + 1 + 25);
  });

  it('that are held back are told when they come again', async () => {
    const world = await new World().tell(...burst());
    world.now += MINUTE;
    await world.tell(happening(39));
    expect(world.client.calls).to.have.length(26);
  });

  it('are remembered up to a limit, the newest', async () => {
    const world = new World();
    const events = Array.from({ length: 2_001 }, (_, i) => happening(i, referenceOf(service(`s${i}`))));
    await world.tell(...events, events[2_000]!, events[1]!);
    expect(world.client.calls).to.have.length(2_001);
    await world.tell(events[0]!);
    expect(world.client.calls).to.have.length(2_002);
  });

  it('are remembered the longer the later they were told last', async () => {
    const world = new World();
    const others = (from: number): PlanEvent[] =>
      Array.from({ length: 1_500 }, (_, i) => happening(0, referenceOf(service(`s${from + i}`))));
    await world.tell(CONFLICT, ...others(0), CONFLICT, ...others(5_000), CONFLICT);
    expect(world.client.calls.at(-1)?.body).to.deep.include({
      series: { count: 3, lastObservedTime: '2026-03-01T12:00:00.000000Z' },
    });
  });
});
