import { expect } from 'chai';
import type { Pod } from '../../../src/api/objects.ts';
import { ANNOTATION, sliceName } from '../../../src/names.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { NOW, pod, SECOND, service, servicePort } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const LEADER = 'web-leader';
const A = pod('a').on('node-1', 'zone-1').build();
const B = pod('b')
  .ip('10.0.0.2')
  .ready(NOW - SECOND)
  .build();

function led(annotations: Readonly<Record<string, string>> = {}): World {
  const world = new World(service('web').annotated(annotations).build(), A, B);
  world.settle();
  return world;
}

function last(world: World): Plan {
  const step = world.settle().at(-1);
  if (step === undefined) throw new Error('expected a plan');
  return step.plan;
}

function happenings(world: World): string[] {
  return world.told
    .filter(({ reason }) => reason.startsWith('Leader'))
    .map(({ reason, note }) => `${reason}: ${note}`);
}

describe('a leader', () => {
  it('is announced once for each epoch, under an id of its own', () => {
    const world = led();
    world.now += SECOND;
    world.pods = [pod('a').notReady().build(), B];
    world.settle();
    world.now += SECOND;
    world.pods = [A, pod('b').ip('10.0.0.2').terminating().build()];
    world.settle();
    expect(happenings(world)).to.deep.equal([
      'LeaderServiceCreated: created leader Service web-leader',
      'LeaderElected: pod a leads',
      'LeaderChanged: pod b leads instead of a: a is not Ready',
      'LeaderChanged: pod a leads instead of b: b is being deleted',
    ]);
    const ids = world.told.flatMap(({ id, reason }) => (reason === 'LeaderServiceCreated' ? [] : id));
    expect(ids).to.deep.equal([
      'web-leader/epoch-1-uid-a',
      'web-leader/epoch-2-uid-b',
      'web-leader/epoch-3-uid-a',
    ]);
  });

  it('is not announced when it is withdrawn and comes back', () => {
    const world = led();
    world.pods = [pod('a').notReady().build()];
    world.settle();
    world.pods = [A];
    world.settle();
    expect(happenings(world)).to.have.length(2);
  });

  it('is announced after a crash between the write and the announcement, with the same id', () => {
    const world = led();
    const [{ id: before } = {}] = world.told.slice(-1);
    world.edit(world.services, LEADER, ({ metadata }) => (metadata.annotations = {}));
    world.restart();
    const [{ id, reason } = {}] = world.step(LEADER).plan.happened;
    expect([id, reason]).to.deep.equal([before, 'LeaderElected']);
    expect(world.step(LEADER).plan.happened).to.deep.equal([]);
  });

  it('that another replica has moved is announced as what this one saw last', () => {
    const world = led();
    const seen = world.memories.get(LEADER)!;
    world.now += SECOND;
    world.pods = [pod('a').notReady().build(), B];
    world.settle();
    world.edit(world.services, LEADER, ({ metadata }) => (metadata.annotations = {}));
    world.memories.set(LEADER, seen);
    const { writes, happened } = world.step(LEADER).plan;
    expect([writes, happened.map(({ note }) => note)]).to.deep.equal([[], ['pod b leads instead of a']]);
  });

  it('is written to the annotations of the leader Service, and taken from them with its endpoint', () => {
    const world = led();
    const since = '2026-03-01T12:00:00.000000Z';
    expect(world.service(LEADER)?.annotations).to.deep.equal({
      'zen-lead.io/leader-pod-name': 'a',
      'zen-lead.io/leader-pod-uid': 'uid-a',
      'zen-lead.io/leader-last-switch-time': since,
    });
    world.pods = [];
    world.settle();
    expect(world.service(LEADER)?.annotations).to.deep.equal({
      'zen-lead.io/leader-last-switch-time': since,
    });
  });

  it('is in the outlook, for metrics', () => {
    const world = led();
    world.pods = [...world.pods, pod('c').notReady().build()];
    expect(last(world).outlook).to.deep.equal({
      namespace: 'shop',
      service: 'web',
      leaderService: LEADER,
      pod: 'a',
      node: 'node-1',
      epoch: 1,
      podsAvailable: 2,
      sinceMs: NOW,
      published: true,
      portsUnresolved: false,
    });
  });

  it('is in the outlook as one that lacks a port', () => {
    const world = led();
    world.sources.set(
      'web',
      service('web')
        .ports(servicePort('', 80, 'nowhere'))
        .build(),
    );
    world.settle();
    expect(last(world).outlook).to.deep.include({
      published: false,
      portsUnresolved: true,
      podsAvailable: 2,
    });
  });
});

describe('a switchover', () => {
  const TO_B = { [ANNOTATION.switchoverTo]: 'b' };
  const ask = (world: World, annotations: Readonly<Record<string, string>>): void => {
    world.sources.set('web', service('web').annotated(annotations).build());
  };
  const events = (world: World): string[] =>
    world.told.filter(({ reason }) => reason.startsWith('Switchover')).map(({ reason }) => reason);

  it('is done and told once, and again when the annotation went and came back', () => {
    const world = led();
    for (const annotations of [TO_B, TO_B, {}, { [ANNOTATION.switchoverTo]: 'a' }, {}, TO_B]) {
      ask(world, annotations);
      world.settle();
    }
    expect(events(world)).to.deep.equal([
      'SwitchoverCompleted',
      'SwitchoverCompleted',
      'SwitchoverCompleted',
    ]);
    expect(last(world).outlook).to.deep.include({ pod: 'b', epoch: 4 });
  });

  it('that failed is told once, survives a restart, and is not done later', () => {
    const world = led();
    const pods = world.pods;
    world.pods = [A];
    ask(world, TO_B);
    world.settle();
    world.restart();
    world.pods = pods;
    world.settle();
    expect(events(world)).to.deep.equal(['SwitchoverFailed']);
    expect(last(world).outlook?.pod).to.equal('a');
  });

  it('does not repeat after the new leader fails', () => {
    const world = led();
    ask(world, TO_B);
    world.settle();
    world.pods = [A, pod('b').notReady().build()];
    world.settle();
    world.pods = [A, B];
    expect(last(world).outlook).to.deep.include({ pod: 'a', epoch: 3 });
  });
});

describe('a state that lasts', () => {
  const cases: [
    what: string,
    annotations: Readonly<Record<string, string>>,
    pods: Pod[],
    states: string[],
  ][] = [
    ['no pod', {}, [], ['NoPodsFound: no pod matches the selector; the leader Service has no endpoint']],
    [
      'no pod that may lead',
      {},
      [pod('a').notReady().build(), pod('b').phase('Failed').build()],
      [
        'NoReadyPods: no pod may lead: a is not Ready; b is in phase Failed; the leader Service has no endpoint',
      ],
    ],
    [
      'more pods than a note holds',
      {},
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => pod(name).notReady().build()),
      [
        'NoReadyPods: no pod may lead: a is not Ready; b is not Ready; c is not Ready; d is not Ready; e is not Ready; and 2 more; the leader Service has no endpoint',
      ],
    ],
    ['a leader', {}, [A], []],
    [
      'a priority that is no integer',
      { [ANNOTATION.strategy]: 'Priority' },
      [pod('a').priority('high').build()],
      [
        'InvalidAnnotation: pod a: annotation zen-lead.io/priority: "high" is not accepted and counts as 0; accepted is an integer',
      ],
    ],
    ['a priority that nobody asks for', {}, [pod('a').priority('high').build()], []],
  ];
  for (const [what, annotations, pods, states] of cases) {
    it(`with ${what} is told as ${String(states.length)} Events`, () => {
      const world = new World(service('web').annotated(annotations).build(), ...pods);
      expect(last(world).states.map(({ reason, note }) => `${reason}: ${note}`)).to.deep.equal(states);
    });
  }

  it('of a paused Service says why nobody is elected', () => {
    const world = led();
    world.sources.set(
      'web',
      service('web')
        .annotated({ [ANNOTATION.paused]: 'true' })
        .build(),
    );
    world.pods = [B];
    const [state] = last(world).states;
    expect(state?.reason).to.equal('NoReadyPods');
    expect(state?.note).to.include('paused').and.include('the last leader is gone');
  });

  it('has the same id while it lasts and another one when it begins again', () => {
    const world = led();
    const ids: (string | undefined)[] = [];
    for (const pods of [[], [], [A], []]) {
      world.now += SECOND;
      world.pods = pods;
      ids.push(last(world).states[0]?.id);
    }
    expect(ids[0]).to.equal(ids[1]);
    expect(ids[2]).to.equal(undefined);
    expect(ids[3]).not.to.equal(ids[0]);
  });

  it('with a note of any length is cut to what an Event holds', () => {
    const world = new World(
      service('web')
        .ports(servicePort('', 80, 'web'))
        .build(),
    );
    const ports = Array.from({ length: 200 }, (_, index) => ({
      name: `port-${index}`,
      port: index + 1,
      protocol: 'TCP' as const,
    }));
    world.pods = [pod('a').with({ ports }).build()];
    const [state] = last(world).states;
    expect(state?.reason).to.equal('PortResolutionFailed');
    expect(state?.note).to.have.length(1024);
    expect(world.slice(sliceName(LEADER, 'IPv4'))?.endpoints).to.deep.equal([]);
  });
});
