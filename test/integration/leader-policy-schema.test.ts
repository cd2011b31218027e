import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { expect } from 'chai';
import { parse } from 'yaml';
import { LEADER_POLICY_CRD } from '../../src/api/leader-policy-crd.ts';
import { validateSpec } from '../../src/api/leader-policy-validator.ts';
import type { LeaderPolicySpec, LeaderPolicyStatus } from '../../src/api/leader-policy.ts';
import { ACCEPTED, REFUSED } from '../support/leader-policy-cases.ts';
import { eventually } from './support/eventually.ts';
import { namespace, type Namespace } from './support/namespace.ts';
import { sharedCluster } from './support/shared.ts';

const CRD = join(resolve(import.meta.dirname, '../..'), 'crds/leaderpolicies.yaml');
const CRD_PATH = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${LEADER_POLICY_CRD.metadata.name}`;

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

/** Whatever its exit status: what it says is looked at. */
function kubectl(args: readonly string[], input = ''): Promise<Ran> {
  const { kubectlPath, kubeconfigPath } = sharedCluster();
  return new Promise((done) => {
    const options = { maxBuffer: 64 << 20 };
    const all = ['--kubeconfig', kubeconfigPath, ...args];
    const child = execFile(kubectlPath, all, options, (_, stdout, stderr) => {
      done({ stdout, stderr });
    });
    // A kubectl that ends before it has read its input breaks the pipe; its own words are looked at.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function manifests(specs: readonly object[]): string {
  const policies = specs.map((spec, index) => ({
    apiVersion: 'zen-lead.io/v1alpha1',
    kind: 'LeaderPolicy',
    metadata: { name: `case-${index}` },
    spec,
  }));
  return policies.map((policy) => JSON.stringify(policy)).join('\n---\n');
}

describe('the CRD', function () {
  this.timeout(60_000);
  let shop: Namespace;
  let wasThere: boolean;

  before(async () => {
    wasThere = (await sharedCluster().api.request('GET', CRD_PATH)).status === 200;
    const applied = await kubectl(['apply', '--server-side', '--force-conflicts', '-f', CRD]);
    expect(applied.stderr).to.equal('');
    await kubectl(['wait', '--for=condition=Established', `crd/${LEADER_POLICY_CRD.metadata.name}`]);
    shop = await namespace('schema');
  });

  after(async () => {
    await shop.delete();
    if (!wasThere) await kubectl(['delete', '--wait', '-f', CRD]);
  });

  describe('refuses, as the operator does,', () => {
    let answers: ReadonlyMap<string, string>;

    before(async () => {
      const args = ['apply', '-n', shop.name, '--dry-run=server', '-f', '-'];
      const { stderr } = await kubectl(args, manifests(REFUSED.map(({ spec }) => spec)));
      const said = stderr.matchAll(/LeaderPolicy\.zen-lead\.io "(case-\d+)" is invalid: (.*)/g);
      answers = new Map([...said].map(([, name = '', answer = '']) => [name, answer]));
    });

    for (const [index, { name, field, apiSays }] of REFUSED.entries())
      it(name, () => {
        const answer = answers.get(`case-${index}`);
        expect(answer ?? 'accepted')
          .to.include(field)
          .and.to.include(apiSays);
      });
  });

  describe('accepts, with the defaults that the operator applies,', () => {
    let specs: readonly LeaderPolicySpec[];

    before(async () => {
      const args = ['apply', '-n', shop.name, '--dry-run=server', '-o', 'json', '-f', '-'];
      const { stdout, stderr } = await kubectl(args, manifests(ACCEPTED.map(({ spec }) => spec)));
      expect(stderr).to.equal('');
      specs = (JSON.parse(stdout) as { items: { spec: LeaderPolicySpec }[] }).items.map(({ spec }) => spec);
    });

    for (const [index, { name, spec }] of ACCEPTED.entries())
      it(name, async () => {
        expect(validateSpec(spec)).to.deep.equal({ spec: specs[index], problems: [] });
        await mayBeMade(shop, specs[index]!);
      });
  });

  it('explains the fields', async () => {
    // The API server publishes the schema a moment after it serves the resource.
    await eventually(async () => {
      const { stdout } = await kubectl(['explain', 'leaderpolicies.spec.failover']);
      expect(stdout).to.match(
        /gracePeriodSeconds\s+<integer>\s+For so many seconds a leader that is no longer/,
      );
    });
  });

  it('shows what matters in kubectl get, and more with -o wide', async () => {
    const spec = { serviceRef: { name: 'db' } };
    await kubectl(['apply', '-n', shop.name, '-f', '-'], manifests([spec]));
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status: STATUS })];
    const patched = await kubectl(['patch', '-n', shop.name, 'lp', 'case-0', ...patch]);
    expect(patched.stderr).to.equal('');
    const get = async (...args: string[]): Promise<string[][]> => {
      const { stdout } = await kubectl(['get', '-n', shop.name, ...args]);
      return stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/\s{2,}/).map((cell) => cell.trim()));
    };
    const [head, row] = await get('leaderpolicies');
    expect(head).to.deep.equal([
      'NAME',
      'SERVICE',
      'LEADER',
      'CANDIDATES',
      'FAILOVERS',
      'LAST-FAILOVER',
      'READY',
      'AGE',
    ]);
    expect(row?.slice(0, 5)).to.deep.equal(['case-0', 'db', 'db-1', '2/3', '4']);
    expect(row?.[5]).to.match(/^\d+d$/);
    expect(row?.[6]).to.equal('True');
    const [wideHead, wide] = await get('lp', '-o', 'wide');
    expect(wideHead?.slice(8)).to.deep.equal(['NODE', 'ZONE', 'STRATEGY', 'REASON']);
    expect(wide?.slice(8)).to.deep.equal(['node-0', 'z1', 'OldestReady', 'LeaderPublished']);
    expect((await get('zen-lead'))[1]?.[0], 'category').to.equal('case-0');
  });

  it('keeps the whole status as it was written', async () => {
    const { stdout } = await kubectl(['get', '-n', shop.name, 'lp', 'case-0', '-o', 'json']);
    expect((JSON.parse(stdout) as { status: LeaderPolicyStatus }).status).to.deep.equal(STATUS);
  });

  it('is what --install-crd applies', () => {
    // A digest would do; the whole shows what differs.
    expect(JSON.parse(JSON.stringify(LEADER_POLICY_CRD))).to.deep.equal(parse(readFileSync(CRD, 'utf8')));
  });
});

/** A policy that the CRD lets pass asks for nothing that the API server refuses of the objects that come of it. */
async function mayBeMade(
  shop: Namespace,
  { leaderService, serviceRef, ports }: LeaderPolicySpec,
): Promise<void> {
  const name = leaderService.name ?? `${serviceRef.name}-leader`;
  const { labels = {}, annotations = {} } = leaderService;
  const wanted = ports ?? [{ name: '', port: 5432, protocol: 'TCP' }];
  const bodies = {
    services: {
      metadata: { name, labels, annotations },
      spec: { ports: wanted, ...(leaderService.type === 'Headless' ? { clusterIP: 'None' } : {}) },
    },
    endpointslices: {
      metadata: { name },
      addressType: 'IPv4',
      endpoints: [],
      ports: wanted.map(({ targetPort: _, ...port }) => port),
    },
  };
  for (const [resource, body] of Object.entries(bodies)) {
    const path = `${shop.path(resource as keyof typeof bodies)}?dryRun=All`;
    const answer = await shop.cluster.api.request('POST', path, { body });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
  }
}

/** One with all fields. */
const STATUS: LeaderPolicyStatus = {
  observedGeneration: 1,
  leaderServiceName: 'db-leader',
  leader: {
    podName: 'db-1',
    podUID: '5f0e1e0c-8a5e-4d0e-9a7c-0d6f2f1b3c4d',
    podIP: '10.0.0.1',
    nodeName: 'node-0',
    zone: 'z1',
    since: '2026-01-02T03:04:05.678901Z',
    epoch: 5,
    reason: 'NotReady',
  },
  candidates: { total: 3, ready: 2, eligible: 2, summary: '2/3' },
  candidateDetails: [
    { podName: 'db-1', eligible: true, reason: 'Leader' },
    { podName: 'db-2', eligible: false },
  ],
  failovers: 4,
  history: [
    {
      epoch: 5,
      from: 'db-0',
      to: 'db-1',
      reason: 'NotReady',
      time: '2026-01-02T03:04:05.678901Z',
      durationMilliseconds: 12,
    },
    { epoch: 1, to: 'db-0', reason: 'Elected', time: '2026-01-01T00:00:00.000000Z' },
  ],
  switchover: { observedRequestId: 'a', phase: 'SomethingNew', message: 'as asked for' },
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-02T03:04:05Z',
      reason: 'LeaderPublished',
      message: '',
    },
  ],
};
