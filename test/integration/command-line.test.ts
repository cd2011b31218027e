import { expect } from 'chai';
import { runOperator } from './support/operator-process.ts';

interface Case {
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The one line, whole. */
  says: string;
}

const BIND =
  '[host]:port with a port from 0 to 65535 (":8080", "127.0.0.1:8080", "[::1]:8080"), or "0" for off';

const CASES: Readonly<Record<string, Case>> = {
  'a misspelt flag': {
    args: ['--namespac', 'shop'],
    says: 'unknown flag "--namespac": did you mean --namespace?',
  },
  'an unknown flag': {
    args: ['--frobnicate'],
    says: 'unknown flag "--frobnicate": see --help for those there are',
  },
  'a word that is no flag': { args: ['shop'], says: 'unexpected argument "shop": expected flags only' },
  'a flag without its value': { args: ['--log-level'], says: '--log-level: expected a value, got none' },
  'a log level that there is not': {
    args: ['--namespace', 'shop', '--log-level', 'loud'],
    says: '--log-level "loud": expected error, warn, info, debug',
  },
  'a variable with a log format that there is not': {
    env: { ZEN_LEAD_NAMESPACE: 'shop', ZEN_LEAD_LOG_FORMAT: 'xml' },
    says: 'ZEN_LEAD_LOG_FORMAT "xml": expected json, pretty',
  },
  'a concurrency of nothing': {
    args: ['--namespace', 'shop', '--concurrency', '0'],
    says: '--concurrency "0": expected an integer from 1 to 256',
  },
  'a variable with a rate that is no number': {
    env: { ZEN_LEAD_NAMESPACE: 'shop', ZEN_LEAD_KUBE_API_QPS: 'many' },
    says: 'ZEN_LEAD_KUBE_API_QPS "many": expected an integer from 0 (no limit) to 100000',
  },
  'an address without a port': {
    args: ['--namespace', 'shop', '--metrics-bind-address', 'localhost'],
    says: `--metrics-bind-address "localhost": expected ${BIND}`,
  },
  'both ways to say where': {
    args: ['--namespace', 'shop', '--all-namespaces'],
    says: '--namespace "shop" with --all-namespaces: expected one of them',
  },
  'a namespace that cannot be': {
    args: ['--namespace', 'Shop'],
    says: '--namespace "Shop": expected namespace names: at most 63 of a-z, 0-9 and "-", beginning and ending with a letter or digit',
  },
  'a variable that is neither true nor false': {
    env: { ZEN_LEAD_ALL_NAMESPACES: 'yes' },
    says: 'ZEN_LEAD_ALL_NAMESPACES "yes": expected true, false',
  },
};

describe('zen-lead', function () {
  this.timeout(20_000);

  for (const [what, { args = [], env = {}, says }] of Object.entries(CASES)) {
    it(`refuses ${what}, with one line and exit status 2`, async () => {
      const { code, stdout, stderr } = await runOperator(args, env);
      expect(stderr).to.equal(`zen-lead: ${says}\n`);
      expect(stdout).to.equal('');
      expect(code).to.equal(2);
    });
  }

  it('prints its version and its help on standard output, whatever the kubeconfig', async () => {
    const env = { KUBECONFIG: '/nonexistent/kubeconfig' };
    const [version, help] = await Promise.all([
      runOperator(['--version'], env),
      runOperator(['--help'], env),
    ]);
    expect(version).to.include({ code: 0, stderr: '' });
    expect(version.stdout).to.match(/^zen-lead \S+ \(commit \S+\)\n$/);
    expect(help).to.include({ code: 0, stderr: '' });
    for (const flag of [
      '--namespace',
      '--all-namespaces',
      '--metrics-bind-address',
      '--log-format',
      'ZEN_LEAD_',
    ]) {
      expect(help.stdout).to.contain(flag);
    }
  });
});
