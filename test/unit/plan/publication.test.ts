import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { ANNOTATION, LABEL, sliceName } from '../../../src/names.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { pod, SECOND, service, servicePort } from '../../support/builders.ts';
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

  it('with an address that the pod no longer has is not kept through a grace, of whichever family', () => {
    const grace = { [ANNOTATION.failoverMinDelay]: '10s' };
    const dual = service('web').annotated(grace).families('RequireDualStack', 'IPv6', 'IPv4').build();
    for (const ips of [['fd00::1', '10.0.0.9'], ['fd00::9', '10.0.0.1'], ['fd00::1']]) {
      const world = new World(dual, pod('a').ip('fd00::1', '10.0.0.1').build());
      world.settle();
      world.pods = [
        pod('a')
          .ip(...ips)
          .notReady(world.now)
          .build(),
      ];
      world.settle();
      expect([V4, V6].flatMap((name) => world.slice(name)?.endpoints ?? [])).to.deep.equal([]);
    }
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

  it('that another hand changed keeps a leader that has not been Ready for min-ready-duration', () => {
    const source = service('web')
      .annotated({ [ANNOTATION.minReadyDuration]: '1m' })
      .build();
    const world = led(source);
    world.pods = [pod('a').ready(world.now).build(), B];
    world.edit(world.slices, V4, (raw) =>
      Object.assign(raw.endpoints![0]!, { hints: { forZones: [{ name: 'z' }] } }),
    );
    expect(next(world).change).to.equal(undefined);
    expect(world.slice(V4)?.endpoints[0]).to.deep.include({ podName: 'a', extra: [] });
  });

  it('is made again where another hand deleted it, with the same leader and epoch, with or without a restart', () => {
    for (const restart of [false, true]) {
      const world = led();
      world.slices.clear();
      if (restart) world.restart();
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
