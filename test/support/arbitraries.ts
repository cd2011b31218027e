/** Random pods and sources, sound and unsound; policies are in any-policy.ts. */
import fc from 'fast-check';
import type { Pod, Service, ServicePort, StringMap } from '../../src/api/objects.ts';
import { ANNOTATION, type AddressType } from '../../src/names.ts';
import { MINUTE, NOW, pod, SECOND, service, servicePort } from './builders.ts';

export const POD_NAMES = ['db-0', 'db-1', 'db-2', 'db-10', 'other'] as const;

/** Mostly one of the usual values. */
export function mostly<T>(usual: readonly T[], rare: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...rare) },
  );
}

function ips(name: string): fc.Arbitrary<string[]> {
  const n = POD_NAMES.findIndex((known) => known === name) + 1;
  const [v4, v6] = [`10.0.0.${n}`, `fd00::${n}`];
  const refused = [['127.0.0.1', v6], [v4, 'fe80::1'], ['224.0.0.1']];
  return mostly(
    [
      [v4, v6],
      [v6, v4],
      [`10.0.1.${n}`, v6],
    ],
    [[v4], [v6], [], ...refused],
  );
}

const TIMES = [-60 * MINUTE, -30 * SECOND, -5 * SECOND, -1, 0, 90 * SECOND];

/** Its name is a given one; the UID tells the incarnation. */
export const anyPod: fc.Arbitrary<Pod> = fc.constantFrom(...POD_NAMES).chain((name) =>
  fc
    .record({
      incarnation: mostly([0], [1, 2]),
      ready: mostly([true], [false]),
      deleting: mostly([false], [true]),
      phase: mostly(['Running'], ['Pending', 'Succeeded', 'Failed']),
      ips: ips(name),
      since: fc.constantFrom(undefined, ...TIMES),
      created: fc.constantFrom(1, 2),
      app: mostly(['web'], ['else']),
      ports: mostly([['web']], [[], ['admin']]),
      priority: fc.constantFrom(undefined, '1', '2', 'x'),
      node: fc.constantFrom(undefined, 'node-1'),
      zone: fc.constantFrom('z1', 'z2'),
      role: fc.constantFrom(undefined, undefined, 'primary', 'replica'),
      out: mostly([undefined], ['yes']),
    })
    .map(({ incarnation, since, created, app, ports, priority, node, zone, role, out, ...rest }) => {
      const builder = pod(name).with(rest).uid(`${name}~${incarnation}`).created(created);
      builder.labelled(defined({ app, role, out }));
      if (since === undefined) builder.without('readyChangedAt');
      else builder.with({ readyChangedAt: NOW + since });
      for (const port of ports) builder.port(port, 8080);
      if (priority !== undefined) builder.priority(priority);
      if (node !== undefined) builder.on(node, zone);
      return builder.build();
    }),
);

const annotations: fc.Arbitrary<StringMap> = fc
  .record(
    {
      [ANNOTATION.leaderServiceName]: mostly(['web-leader', 'db'], ['No Name', 'web']),
      [ANNOTATION.strategy]: mostly(['OldestReady', 'Ordinal', 'Priority'], ['Best']),
      [ANNOTATION.sticky]: mostly(['true', 'true', 'false'], ['maybe']),
      [ANNOTATION.minReadyDuration]: fc.constantFrom('0s', '10s', '1m'),
      [ANNOTATION.failoverMinDelay]: mostly(['0s', '10s', '1m'], ['soon']),
      [ANNOTATION.paused]: mostly(['false'], ['true']),
      [ANNOTATION.switchoverTo]: mostly([undefined, undefined, ...POD_NAMES], ['No Pod']),
    },
    { requiredKeys: [] },
  )
  .map((some) => ({ [ANNOTATION.enabled]: 'true', ...defined(some) }));

export function defined(some: Readonly<Record<string, string | undefined>>): StringMap {
  return Object.fromEntries(
    Object.entries(some).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const ports: fc.Arbitrary<ServicePort[]> = mostly(
  [
    [servicePort('', 80, 8080)],
    [servicePort('http', 80, 'web')],
    [servicePort('http', 80, 'web'), servicePort('metrics', 9090, 9090)],
    [{ ...servicePort('http', 80, 'web'), nodePort: 30_000 }],
  ],
  [[{ ...servicePort('dns', 53, 'web'), protocol: 'UDP' }], []],
);

const FAMILIES: [string, ...AddressType[]][] = [
  ['SingleStack', 'IPv4'],
  ['SingleStack', 'IPv6'],
  ['PreferDualStack', 'IPv4', 'IPv6'],
  ['RequireDualStack', 'IPv6', 'IPv4'],
];

/** Opted in mostly. "web" or "other", which may want the same leader Service name. */
export const anySource: fc.Arbitrary<Service> = fc
  .record({
    name: mostly(['web', 'web', 'web', 'other'], ['other']),
    incarnation: mostly([0], [1]),
    enabled: mostly([true], [false]),
    annotations,
    ports,
    families: fc.constantFrom(...FAMILIES),
    type: mostly(['ClusterIP', 'NodePort'], ['ExternalName']),
    selector: mostly<string | undefined>(['web'], ['else', undefined]),
    deleting: mostly([false], [true]),
    affinity: mostly(['None'], ['ClientIP']),
  })
  .map(({ name, incarnation, enabled, annotations, ports, families, type, selector, deleting, affinity }) => {
    const [policy, ...rest] = families;
    const builder = service(name)
      .uid(`uid-${name}-${incarnation}`)
      .created(name === 'web' ? 1 : 2)
      .annotated(enabled ? annotations : { ...annotations, [ANNOTATION.enabled]: 'false' })
      .ports(...ports)
      .families(policy, ...rest)
      .with({ type, deleting, sessionAffinity: affinity });
    if (affinity === 'ClientIP') builder.with({ sessionAffinityTimeout: 60 });
    return (
      selector === undefined ? builder.without('selector') : builder.selecting({ app: selector })
    ).build();
  });
