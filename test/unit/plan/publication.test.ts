import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { ANNOTATION, LABEL, sliceName } from '../../../src/names.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { memoryOf, MINUTE, NAMESPACE, pod, SECOND, service, servicePort } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const LEADER = 'web-leader';
const V4 = sliceName(LEADER, 'IPv4');
const V6 = sliceName(LEADER, 'IPv6');
const A = pod('a').build();
const B = pod('b').ip('10.0.0.2').ready().created(Date.parse('2026-03-01T11:00:00Z')).build();
const GONE_B = { from: { name: 'a', uid: 'uid-a' }, to: { name: 'b', uid: 'uid-b' }, epoch: 2 };

function led(source = service('web').build()): World {
  const world = new World(source, A, B);
  world.settle();
  return world;
}

/** The first plan after a change, applied. */
function next(world: World): Plan {
  return world.step(LEADER).plan;
}

function kinds({ writes }: Plan): string[] {
  return writes.map(({ kind, name }) => `${kind} ${name}`);
}

function epochOf(world: World): string | undefined {
  return world.slice(V4)?.annotations['zen-lead.io/leader-epoch'];
}

describe('a failover', () => {
  it('is one PUT with the resourceVersion seen, and raises the epoch', () => {
    const world = led();
    const before = world.slice(V4)?.resourceVersion;
    world.pods = [pod('a').notReady().build(), B];
    const { writes, change, memory } = next(world);
    expect(writes).to.have.length(1);
    expect(writes[0]).to.deep.include({ kind: 'putSlice', name: V4, resourceVersion: before });
    expect(change).to.deep.equal({ ...GONE_B, reason: 'NotReady' });
    expect(memory).to.deep.include({ epoch: 2, podName: 'b', podUID: 'uid-b' });
    expect(epochOf(world)).to.equal('2');
  });

  it('of a dual-stack Service is one PUT a family, the primary one first', () => {
    const world = new World(service('web').families('RequireDualStack', 'IPv6', 'IPv4').build());
    world.pods = [pod('a').ip('10.0.0.1', 'fd00::1').build(), pod('b').ip('10.0.0.2', 'fd00::2').build()];
    world.settle();
    world.pods = world.pods.slice(1);
    expect(kinds(next(world))).to.deep.equal([`putSlice ${V6}`, `putSlice ${V4}`]);
    expect([world.slice(V6), world.slice(V4)].map((slice) => slice?.endpoints[0]?.addresses)).to.deep.equal([
      ['fd00::2'],
      ['10.0.0.2'],
    ]);
  });

  it('to nobody empties the slice, keeps the memory and notes the time', () => {
    const world = led();
    world.pods = [];
    const { change } = next(world);
    expect(change).to.deep.equal({ from: GONE_B.from, epoch: 1, reason: 'PodGone' });
    expect(world.slice(V4)).to.deep.include({ endpoints: [], ports: [] });
    expect(world.slice(V4)?.annotations).to.deep.include({
      'zen-lead.io/leader-epoch': '1',
      'zen-lead.io/leader-pod': 'a/uid-a',
      'zen-lead.io/withdrawn-at': '2026-03-01T12:00:00.000000Z',
    });
  });

  it('back to the pod that was withdrawn is a change without a new epoch', () => {
    const world = led();
    world.pods = [];
    world.settle();
    world.pods = [A];
    expect(next(world).change).to.deep.equal({ from: GONE_B.from, to: GONE_B.from, epoch: 1 });
    expect(world.slice(V4)?.annotations).not.to.have.property('zen-lead.io/withdrawn-at');
  });

  it('tells of the sticky rule only where it had a say', () => {
    const world = led();
    expect(next(world).sticky).to.equal(true);
    world.pods = [B];
    expect(next(world).sticky).to.equal(false);
    world.sources.set(
      'web',
      service('web')
        .annotated({ [ANNOTATION.sticky]: 'false' })
        .build(),
    );
    expect(next(world).sticky).to.equal(undefined);
  });
});

describe('a slice', () => {
  it('stays through a readiness grace exactly as it is, and then changes', () => {
    const world = led(
      service('web')
        .annotated({ [ANNOTATION.failoverMinDelay]: '10s' })
        .build(),
    );
    world.pods = [pod('a').notReady(world.now).build(), B];
    const { writes, againAfterMs, outlook, annotations } = next(world);
    expect([writes, againAfterMs, outlook?.pod, annotations]).to.deep.equal([
      [],
      10 * SECOND,
      'a',
      undefined,
    ]);
    world.now += 10 * SECOND;
    expect(next(world).change?.to?.name).to.equal('b');
  });

  it('is emptied where a port cannot be resolved on the leader, and comes back when it can', () => {
    const source = (targetPort: string): Service =>
      service('web')
        .ports(servicePort('', 80, targetPort))
        .build();
    const web = pod('a').port('web', 8080).build();
    const world = new World(source('web'), web);
    world.settle();
    world.sources.set('web', source('admin'));
    const { states } = next(world);
    expect(states.map(({ reason }) => reason)).to.deep.equal(['PortResolutionFailed']);
    expect(world.slice(V4)?.endpoints).to.deep.equal([]);
    world.sources.set('web', source('web'));
    world.settle();
    expect([world.slice(V4)?.endpoints[0]?.podName, epochOf(world)]).to.deep.equal(['a', '1']);
  });

  for (const [what, edit] of [
    ['its address', (raw) => (raw.endpoints![0]!.addresses = ['10.9.9.9'])],
    ['its pod', (raw) => (raw.endpoints![0]!.targetRef = { name: 'b', uid: 'uid-b' })],
    ['its endpoint', (raw) => (raw.endpoints = [])],
    [
      'the leader remembered in it',
      (raw) => (raw.metadata.annotations!['zen-lead.io/leader-pod'] = 'b/uid-b'),
    ],
    ['the epoch in it', (raw) => (raw.metadata.annotations!['zen-lead.io/leader-epoch'] = '0')],
    ['its annotations', (raw) => (raw.metadata.annotations = {})],
    ['its owner', (raw) => (raw.metadata.ownerReferences![0]!.uid = 'uid-dead')],
    ['a label', (raw) => (raw.metadata.labels![LABEL.serviceName] = 'other')],
  ] as [string, Parameters<World['edit']>[2]][]) {
    it(`is put right where another hand changed ${what}, with the same leader and epoch`, () => {
      const world = led();
      const before = world.slice(V4);
      world.edit(world.slices, V4, edit);
      world.settle();
      expect({ ...world.slice(V4), resourceVersion: '' }).to.deep.equal({ ...before, resourceVersion: '' });
    });
  }

  it('is made again where another hand deleted it, with the same leader and epoch, with or without a restart', () => {
    for (const restart of [false, true]) {
      const world = led();
      world.slices.clear();
      if (restart) world.memories.clear();
      world.settle();
      expect([world.slice(V4)?.endpoints[0]?.podName, epochOf(world)]).to.deep.equal(['a', '1']);
    }
  });

  it('is deleted and made again where its address type is another one', () => {
    const world = led();
    world.edit(world.slices, V4, (raw) => Object.assign(raw, { addressType: 'IPv6', endpoints: [] }));
    expect(kinds(next(world))).to.deep.equal([`deleteSlice ${V4}`]);
    world.settle();
    expect(world.slice(V4)?.endpoints[0]?.podName).to.equal('a');
  });

  it('that is being deleted and waits for a finalizer is still kept right: it still gets traffic', () => {
    const world = led();
    world.edit(world.slices, V4, ({ metadata }) => (metadata.deletionTimestamp = metadata.creationTimestamp));
    expect(next(world).writes).to.deep.equal([]);
    world.pods = [B];
    expect(kinds(next(world))).to.deep.equal([`putSlice ${V4}`]);
  });
});

describe('a slice of somebody else', () => {
  function taken(world: World, name: string, addressType = 'IPv4'): void {
    world.slices.delete(name);
    const metadata = { name, namespace: NAMESPACE, labels: { [LABEL.sliceManagedBy]: 'them' } };
    world.create(world.slices, { metadata, addressType, endpoints: [], ports: [] });
  }

  it('with the name of the primary one is left alone: nobody is published, named or announced', () => {
    const world = new World(service('web').build(), A);
    taken(world, V4);
    const before = world.slice(V4);
    world.settle();
    const { writes, states, change, outlook, memory } = next(world);
    expect([writes, change, outlook?.pod, memory.epoch]).to.deep.equal([[], undefined, undefined, 0]);
    expect(states.map(({ reason }) => reason)).to.deep.equal(['NameConflict']);
    expect(world.told.map(({ reason }) => reason)).to.deep.equal(['LeaderServiceCreated']);
    expect(world.service(LEADER)?.annotations).to.deep.equal({});
    expect(world.slice(V4)).to.deep.equal(before);
  });

  it('with the name of the primary one, once it goes, lets the leader lead', () => {
    const world = new World(service('web').build(), A);
    taken(world, V4);
    world.settle();
    world.slices.delete(V4);
    world.settle();
    expect([world.slice(V4)?.endpoints[0]?.podName, epochOf(world)]).to.deep.equal(['a', '1']);
  });

  it('with the name of the other one is told, and the primary one leads', () => {
    const dual = service('web').families('PreferDualStack', 'IPv4', 'IPv6').build();
    const world = new World(dual, pod('a').ip('10.0.0.1', 'fd00::1').build());
    taken(world, V6, 'IPv6');
    world.settle();
    expect(next(world).states.map(({ reason }) => reason)).to.deep.equal(['NameConflict']);
    expect(world.slice(V4)?.endpoints[0]?.podName).to.equal('a');
  });

  it('that feeds the leader Service is left alone and told: ForeignEndpoints', () => {
    const world = led();
    const labels = { [LABEL.serviceName]: LEADER };
    const metadata = { name: 'theirs', namespace: NAMESPACE, labels };
    world.create(world.slices, { metadata, addressType: 'IPv4', endpoints: [], ports: [] });
    const { writes, states } = next(world);
    expect(writes).to.deep.equal([]);
    expect(states.map(({ reason, note }) => `${reason}: ${note}`)[0]).to.match(
      /^ForeignEndpoints: .*"theirs"/,
    );
  });
});

describe('after a restart', () => {
  it('nothing is written where nothing changed, with a leader or without', () => {
    for (const pods of [[A, B], []]) {
      const world = led();
      world.pods = pods;
      world.settle();
      world.memories.clear();
      world.now += MINUTE;
      expect(next(world)).to.deep.include({ writes: [], happened: [], again: false });
    }
  });

  it('a leader that is lost meanwhile is replaced, and the epoch goes on', () => {
    const world = led();
    world.memories.clear();
    world.pods = [B];
    expect(next(world).change).to.deep.equal({ ...GONE_B, reason: 'PodGone' });
  });

  it('a slice that another replica wrote is believed', () => {
    const world = led();
    world.memories.set(LEADER, memoryOf(B, 0));
    expect(next(world).writes).to.deep.equal([]);
  });
});
