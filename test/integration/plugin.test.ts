/** What the kubectl plugin shows, as the real kubectl runs it, against the real API server and a running operator. */
import { expect } from 'chai';
import { parse } from 'yaml';
import { eventually } from './support/eventually.ts';
import { namespace } from './support/namespace.ts';
import { startOperator } from './support/operator-process.ts';
import { kubectl, withPlugin, type Answer } from './support/plugin.ts';
import { ledByPolicy } from './support/policy.ts';

describe('kubectl leader shows', function () {
  this.timeout(20_000);
  const { stage, says, json, annotated } = withPlugin('plugin');

  before(async () => {
    await annotated('web');
    await ledByPolicy(stage.ns, 'pg', { selection: { strategy: 'Ordinal' } }, { count: 3 });
  });

  it('list: leader Services of annotations and of policies', async () => {
    const text = await says('list');
    expect(text).to.match(/^NAME +SERVICE +BY +LEADER +SINCE +CANDIDATES +FAILOVERS +STATE\n/);
    expect(text).to.match(/^pg-leader +pg +policy\/pg +pg-0 +\S+ +3\/3 +0 +Ready$/m);
    expect(text).to.match(/^web-leader +web +annotation +web-0 +\S+ +2\/2 +0 +Ready$/m);
    expect(text).not.to.contain('\u001B');
    const everywhere = await kubectl(['leader', 'list', '-A', '-o', 'wide']);
    expect(everywhere.stdout).to.match(/^NAMESPACE .* ADDRESS\n/);
    expect(everywhere.stdout).to.match(
      new RegExp(`^${stage.ns.name} +web-leader .* OldestReady +node-0 `, 'm'),
    );
  });

  it('list -o json and yaml: the same for programs', async () => {
    const items = await json('list');
    const web = items.find((item) => item['leaderService'] === 'web-leader');
    expect(web).to.deep.include({ service: 'web', candidates: { eligible: 2, total: 2 }, failovers: 0 });
    expect(web?.['leader']).to.include({ pod: 'web-0', node: 'node-0', epoch: 1, reason: 'Elected' });
    const { items: same } = parse(await says('list', '-o', 'yaml')) as { items: unknown[] };
    expect(same).to.deep.equal(items);
  });

  it('status: by the name of the source or of the leader Service', async () => {
    await stage.ns.createPod('web-9', { ready: false });
    await eventually(async () => {
      const text = await says('status', 'web');
      expect(text).to.match(/^Leader: +web-0, node-0, 10\./m);
      expect(text).to.match(/^Candidates: +2 of 3 may lead$/m);
      expect(text).to.match(/^ +web-9 +no +NotReady +is not Ready$/m);
      expect(text).to.match(/^ +web-leader-zen-lead-ipv4 +IPv4 +10\.\S+ +db:5432\/TCP +zen-lead$/m);
    });
    const text = await says('status', 'pg-leader');
    expect(text).to.match(/^ +Ready +True +LeaderPublished +pod pg-0 is published$/m);
    expect(text).to.match(/^Why: +Elected: nobody led before$/m);
  });

  it('status: a foreign slice and other problems', async () => {
    await annotated('shared');
    const labels = { 'kubernetes.io/service-name': 'shared-leader' };
    const endpoints = [{ addresses: ['10.1.1.1'] }];
    await stage.ns.createSlice({
      metadata: { name: 'stranger', labels },
      addressType: 'IPv4',
      endpoints,
      ports: [],
    });
    const text = await says('status', 'shared');
    expect(text).to.match(/^ +stranger +IPv4 +10\.1\.1\.1 +<none> +foreign: not zen-lead's$/m);
    expect(text).to.contain('ForeignEndpoints: EndpointSlice "stranger" also feeds');
  });

  it('explain: why who leads, and that there is nothing to write', async () => {
    const text = await says('explain', 'pg');
    expect(text).to.contain('pod pg-0 leads, and stays: it may lead, and the leader is sticky.');
    expect(text).to.match(/^ +pg-1 +yes +Standby +ordinal 1$/m);
    // The status, and with it what is owed, follows the traffic.
    await eventually(async () => {
      expect(await says('explain', 'pg')).to.contain('zen-lead would write nothing');
    });
  });

  it('history: of a policy from its status, of annotations from Events', async () => {
    await says('switchover', 'pg', '--to', 'pg-2', '--wait');
    await eventually(async () => {
      expect(await says('history', 'pg')).to.match(
        /^\S+Z +2 +pg-0 +pg-2 +Switchover +0 ms\n\S+Z +1 +<none> +pg-0 +Elected +/m,
      );
    });
    await says('switchover', 'web', '--to', 'web-1', '--wait');
    await eventually(async () => {
      const text = await says('history', 'web', '-o', 'wide');
      expect(text).to.match(/^\S+Z +2 +web-0 +web-1 +Switchover .*pod web-1 leads instead of web-0: /m);
      expect(text).to.match(/^\S+Z +<none> +<none> +web-0 +Elected .*pod web-0 leads$/m);
    });
  });

  it('explain: who will lead where no operator works, writes nothing, and is right', async () => {
    const ns = await namespace('dry-run');
    await ns.createService('db', { annotations: { strategy: 'Ordinal' } });
    await ns.createPods('db', 3);
    const explain = async (): Promise<Answer> => kubectl(['leader', 'explain', 'db', '-n', ns.name]);
    const { stdout } = await explain();
    expect(stdout).to.contain('pod db-0 would lead: it is the first by Ordinal of those that may.');
    expect(stdout).to.match(
      / {2}create Service db-leader\n {2}create EndpointSlice db-leader-zen-lead-ipv4 with endpoint 10\.\S+ \(pod db-0\)\n/,
    );
    expect(await ns.service('db-leader')).to.equal(undefined);
    const missing = await kubectl(['leader', 'status', 'db', '-n', ns.name]);
    expect(missing.code).to.equal(3);
    expect(missing.stderr)
      .to.contain('there is no leader Service db-leader')
      .and.to.contain('zen-lead does not run');
    const operator = await startOperator({ namespaces: [ns.name] });
    await ns.leads('db-leader', 'db-0', 10_000);
    await eventually(async () => {
      expect((await explain()).stdout).to.contain('zen-lead would write nothing');
    });
    await operator.stop();
  });

  it('completes commands, Services, pods and formats through kubectl itself', async () => {
    await annotated('typed', 3);
    const completed = async (...words: string[]): Promise<string[]> => {
      const { stdout } = await kubectl(['__complete', 'leader', ...words]);
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[0] ?? '');
    };
    const at = ['-n', stage.ns.name];
    expect(await completed('sw')).to.deep.equal(['switchover', ':4']);
    expect(await completed('status', ...at, 'type')).to.deep.equal(['typed', 'typed-leader', ':4']);
    expect(await completed('switchover', 'typed', ...at, '--to', '')).to.deep.equal([
      'typed-1',
      'typed-2',
      ':4',
    ]);
    expect(await completed('list', '-o', '')).to.deep.equal(['json', 'yaml', 'wide', ':4']);
    expect(await completed('explain', '--kubeconfig', '/nonexistent/config', '')).to.deep.equal([':4']);
  });
});
