import { expect } from 'chai';
import { eventually } from '../integration/support/eventually.ts';
import { namespace } from '../integration/support/namespace.ts';
import { startOperator } from '../integration/support/operator-process.ts';
import { ledByPolicy, withPolicies } from '../integration/support/policy.ts';
import { led } from '../integration/support/replicas.ts';

const GAUGES = [
  'zen_lead_leader_info',
  'zen_lead_leader_epoch',
  'zen_lead_leader_service_without_endpoints',
  'zen_lead_leader_ports_unresolved',
  'zen_lead_pods_available',
  'zen_lead_leader_stable',
  'zen_lead_leader_duration_seconds',
];

describe('the series of a leader Service', function () {
  this.timeout(20_000);
  const stage = withPolicies('series');

  async function isGone(service: string): Promise<void> {
    await eventually(
      async () => {
        expect((await stage.operator.metrics()).text).not.to.include(`"${service}"`);
      },
      { describe: `the series of ${service} to go` },
    );
  }

  async function isThere(service: string): Promise<void> {
    await eventually(async () => {
      const metrics = await stage.operator.metrics();
      for (const gauge of GAUGES) expect(metrics.samples(gauge, { service }), gauge).to.have.length(1);
    });
  }

  it('are the same ones with an annotation and with a policy', async () => {
    const { ns } = stage;
    await led(ns, 'annotated');
    await ledByPolicy(ns, 'policed');
    await isThere('annotated');
    await isThere('policed');
  });

  const ends: [string, (name: string) => Promise<void>][] = [
    [
      'the annotation goes',
      async (name) => {
        await led(stage.ns, name);
        await isThere(name);
        await stage.ns.annotate(name, { enabled: null });
      },
    ],
    [
      'the annotated Service goes',
      async (name) => {
        await led(stage.ns, name);
        await isThere(name);
        await stage.ns.deleteService(name);
      },
    ],
    [
      'the policy goes',
      async (name) => {
        const { policy } = await ledByPolicy(stage.ns, name);
        await isThere(name);
        await policy.delete();
      },
    ],
    [
      'the name of the leader Service changes',
      async (name) => {
        await led(stage.ns, name);
        await isThere(name);
        await stage.ns.annotate(name, { 'leader-service-name': 'elsewhere' });
        await eventually(async () => {
          const now = (await stage.operator.metrics()).samples('zen_lead_leader_epoch', { service: name });
          expect(now.map(({ labels }) => labels['leader_service'])).to.deep.equal(['elsewhere']);
        });
        await stage.ns.annotate(name, { enabled: null });
      },
    ],
  ];
  for (const [index, [title, act]] of ends.entries()) {
    it(`go when ${title}`, async () => {
      const name = `end-${String(index)}`;
      await act(name);
      await isGone(name);
    });
  }

  it('go with its namespace', async () => {
    const ns = await namespace('series-end');
    const operator = await startOperator({ namespaces: [ns.name] });
    await operator.ready();
    const pods = await led(ns, 'doomed', 2);
    await ns.delete();
    // There is no kubelet that would end them, and the namespace waits for its pods.
    for (const pod of pods) await pod.remove();
    await eventually(
      async () => {
        expect((await operator.metrics()).text).not.to.include('"doomed"');
      },
      { timeout: 15_000, describe: 'the series to go' },
    );
    await operator.stop();
  });

  it('are all that grows with the number of Services: labels of other metrics name no object', async () => {
    const own = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('leader_service="'));
    const names = (text: string): Set<string> => new Set(own(text).map((line) => line.replace(/ \S+$/, '')));
    await led(stage.ns, 'one');
    const before = names((await stage.operator.metrics()).text);
    for (const name of ['two', 'three', 'four', 'five']) await led(stage.ns, name);
    const after = (await stage.operator.metrics()).text;
    const added = [...names(after)].filter((series) => !before.has(series));
    // An answer that there was none of before.
    expect(added.filter((series) => !series.startsWith('zen_lead_api_call_duration_seconds'))).to.deep.equal(
      [],
    );
    expect(own(after).join('\n')).not.to.match(/"(two|three|four|five)[-"]/);
    expect(own(after).join('\n')).not.to.include(stage.ns.name);
  });
});
