/** Random histories: what users, other controllers and other hands do to a namespace, one act after the other. */
import fc from 'fast-check';
import type { Pod, Service } from '../../src/api/objects.ts';
import { LABEL, sliceName, type AddressType } from '../../src/names.ts';
import { anyPolicy } from './any-policy.ts';
import { anyPod, anySource, POD_NAMES } from './arbitraries.ts';
import { NAMESPACE, SECOND } from './builders.ts';
import { anyServiceEdit, anySliceEdit } from './hand-edits.ts';
import type { World } from './world.ts';

export interface Act {
  readonly name: string;
  readonly run: (world: World) => void;
}

/** So that fast-check shows what was done. */
function act(name: string, run: (world: World) => void): Act {
  return Object.assign({ name, run }, { [fc.toStringMethod]: () => name });
}

const leaderName = fc.constantFrom('web-leader', 'web-leader', 'db');
const family = fc.constantFrom<AddressType>('IPv4', 'IPv6');

function withPod(pods: readonly Pod[], changed: Pod): Pod[] {
  return [...pods.filter(({ name }) => name !== changed.name), changed];
}

const pods = fc.oneof(
  {
    weight: 4,
    arbitrary: anyPod.map((pod) =>
      act(`pod ${JSON.stringify(pod)}`, (world) => (world.pods = withPod(world.pods, pod))),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...POD_NAMES)
      .map((name) =>
        act(`no pod ${name}`, (world) => (world.pods = world.pods.filter((pod) => pod.name !== name))),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...POD_NAMES), fc.boolean()).map(([name, ready]) =>
      act(`pod ${name} becomes ${ready ? 'Ready' : 'NotReady'}`, (world) => {
        const at = world.now;
        world.pods = world.pods.map((pod) =>
          pod.name === name ? { ...pod, ready, readyChangedAt: at } : pod,
        );
      }),
    ),
  },
);

const sources = fc.oneof(
  {
    weight: 4,
    arbitrary: anySource.map((source: Service) =>
      act(`source ${JSON.stringify(source)}`, (world) => {
        // A leader Service may have the name: then the user is refused.
        if (!world.services.has(source.name)) world.sources.set(source.name, source);
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('web', 'other')
      .map((name) => act(`no source ${name}`, (world) => world.sources.delete(name))),
  },
);

const policies = fc.oneof(
  {
    weight: 5,
    arbitrary: anyPolicy.map((policy) =>
      act(`policy ${JSON.stringify(policy)}`, (world) => {
        const present = world.policies.get(policy.name);
        // Made again under another UID, it has nothing of the one before.
        if (present !== undefined && present.uid !== policy.uid) world.policies.delete(policy.name);
        world.applyPolicy(policy);
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('lp', 'second')
      .map((name) => act(`no policy ${name}`, (world) => world.policies.delete(name))),
  },
);

const time = fc
  .constantFrom(1, 4 * SECOND, 9 * SECOND, 70 * SECOND)
  .map((ms) => act(`${ms} ms pass`, (world) => (world.now += ms)));
const garbage = fc.constant(
  act('garbage is collected', (world) => {
    world.collectGarbage();
  }),
);
const restart = fc.constant(
  act('restart', (world) => {
    world.restart();
  }),
);

const serviceEdits = fc.tuple(leaderName, anyServiceEdit).map(([name, [what, edit]]) =>
  act(`edit of Service ${name}: ${what}`, (world) => {
    world.edit(world.services, name, edit);
  }),
);

/** What takes the memory out of the API: not survived by a restart. */
const destruction = fc.oneof(
  fc.tuple(leaderName, family, anySliceEdit).map(([name, type, [what, edit]]) =>
    act(`edit of slice ${sliceName(name, type)}: ${what}`, (world) => {
      world.edit(world.slices, sliceName(name, type), edit);
    }),
  ),
  fc
    .tuple(leaderName, family)
    .map(([name, type]) =>
      act(`no slice ${sliceName(name, type)}`, (world) => world.slices.delete(sliceName(name, type))),
    ),
  fc.tuple(leaderName, family).map(([name, type]) =>
    act(`copy of slice ${sliceName(name, type)}`, (world) => {
      const original = world.slices.get(sliceName(name, type));
      const copy = `copy-of-${sliceName(name, type)}`;
      if (original === undefined || world.slices.has(copy)) return;
      world.create(world.slices, { ...original, metadata: { ...original.metadata, name: copy } });
    }),
  ),
  leaderName.map((name) => act(`no Service ${name}`, (world) => world.services.delete(name))),
  fc.tuple(leaderName, family, fc.boolean()).map(([name, addressType, named]) =>
    act(`foreign slice for ${name}`, (world) => {
      foreignSlice(world, name, addressType, named);
    }),
  ),
  leaderName.map((name) =>
    act(`foreign Service ${name}`, (world) => {
      foreignService(world, name);
    }),
  ),
);

function foreignSlice(world: World, leader: string, addressType: AddressType, named: boolean): void {
  const name = named ? sliceName(leader, addressType) : `theirs-${leader}`;
  world.slices.delete(name);
  const metadata = { name, namespace: NAMESPACE, labels: { [LABEL.serviceName]: leader } };
  const addresses = [addressType === 'IPv6' ? 'fd00::77' : '10.7.7.7'];
  world.create(world.slices, { metadata, addressType, endpoints: [{ addresses }], ports: [] });
}

function foreignService(world: World, name: string): void {
  world.services.delete(name);
  const metadata = { name, namespace: NAMESPACE, labels: { app: 'theirs' } };
  world.create(world.services, { metadata, spec: { ports: [{ port: 1 }] } });
}

export interface Kind {
  /** Without it nothing that only a running process remembers is lost, and it may restart. */
  readonly lossy: boolean;
  /** LeaderPolicies come and go, beside annotations. */
  readonly policies: boolean;
}

export function histories(options: Kind): fc.Arbitrary<Act[]> {
  const usual = [
    { weight: 10, arbitrary: pods },
    { weight: 5, arbitrary: sources },
    ...(options.policies ? [{ weight: 6, arbitrary: policies }] : []),
    { weight: 3, arbitrary: time },
    { weight: 1, arbitrary: garbage },
    { weight: 2, arbitrary: serviceEdits },
  ];
  const rest = options.lossy ? { weight: 4, arbitrary: destruction } : { weight: 3, arbitrary: restart };
  const acts = fc.array(fc.oneof(...usual, rest), { minLength: 1, maxLength: 12 });
  const beginning = fc.tuple(
    anySource,
    fc.uniqueArray(anyPod, { maxLength: 4, selector: ({ name }) => name }),
  );
  return fc.tuple(beginning, acts).map(([[source, some], rest]) => [
    act(`begin with ${JSON.stringify([source, some])}`, (world) => {
      world.sources.set(source.name, source);
      world.pods = some;
    }),
    ...rest,
  ]);
}
