import { expect } from 'chai';
import { ZenLeadError } from '../../src/errors.ts';
import type { Output } from '../../src/flags.ts';
import { parseSettings } from '../../src/settings.ts';
import type { Settings } from '../../src/settings.ts';

const defaults = { namespace: 'own', terminal: false };

const noOutput: Output = {
  write: (text) => {
    throw new Error(`Expected no output, got ${text}`);
  },
  exit: (code) => {
    throw new Error(`Expected no exit, got ${String(code)}`);
  },
};

function parse(line: string, env: NodeJS.ProcessEnv = {}, given: object = defaults): Settings {
  return parseSettings(line === '' ? [] : line.split(' '), env, given, noOutput);
}

/** The one line that a user would see. */
function refusal(line: string, env: NodeJS.ProcessEnv = {}, given: object = defaults): string {
  try {
    parse(line, env, given);
  } catch (error) {
    expect(error).to.be.instanceOf(ZenLeadError).with.property('code', 'InvalidSettings');
    expect((error as Error).message).not.to.contain('\n');
    return (error as Error).message;
  }
  throw new Error(`Expected ${line} to be refused`);
}

describe('parseSettings: defaults', () => {
  it('needs nothing but the namespace it runs in', () => {
    expect(parse('')).to.deep.equal({
      namespaces: ['own'],
      metricsBindAddress: { port: 8080 },
      healthProbeBindAddress: { port: 8081 },
      logLevel: 'info',
      logFormat: 'json',
      kubeApiQps: 100,
      concurrency: 16,
      installCrd: false,
      leaderElect: false,
    });
  });

  it('is frozen, the namespaces too', () => {
    expect(parse('')).to.be.frozen;
    expect(parse('').namespaces).to.be.frozen;
    expect(parse('--namespace a').namespaces).to.be.frozen;
  });

  it('logs for people on a terminal, unless told otherwise', () => {
    const terminal = { namespace: 'own', terminal: true };
    expect(parse('', {}, terminal).logFormat).to.equal('pretty');
    expect(parse('--log-format json', {}, terminal).logFormat).to.equal('json');
  });
});

describe('parseSettings: values', () => {
  it('reads every flag', () => {
    const line =
      '--namespace a --namespace b,c --metrics-bind-address 127.0.0.1:9090 --health-probe-bind-address [::1]:0 ' +
      '--log-level debug --log-format pretty --kube-api-qps 20 --concurrency 4 --install-crd --leader-elect';
    expect(parse(line)).to.deep.equal({
      namespaces: ['a', 'b', 'c'],
      metricsBindAddress: { host: '127.0.0.1', port: 9090 },
      healthProbeBindAddress: { host: '::1', port: 0 },
      logLevel: 'debug',
      logFormat: 'pretty',
      kubeApiQps: 20,
      concurrency: 4,
      installCrd: true,
      leaderElect: true,
    });
  });

  it('reads every flag from its environment variable', () => {
    const env = {
      ZEN_LEAD_NAMESPACE: 'a, b',
      ZEN_LEAD_METRICS_BIND_ADDRESS: 'localhost:9090',
      ZEN_LEAD_HEALTH_PROBE_BIND_ADDRESS: '0',
      ZEN_LEAD_LOG_LEVEL: 'warn',
      ZEN_LEAD_LOG_FORMAT: 'pretty',
      ZEN_LEAD_KUBE_API_QPS: '0',
      ZEN_LEAD_CONCURRENCY: '256',
      ZEN_LEAD_INSTALL_CRD: 'true',
      ZEN_LEAD_LEADER_ELECT: 'true',
    };
    expect(parse('', env)).to.deep.equal({
      namespaces: ['a', 'b'],
      metricsBindAddress: { host: 'localhost', port: 9090 },
      healthProbeBindAddress: 'off',
      logLevel: 'warn',
      logFormat: 'pretty',
      kubeApiQps: 0,
      concurrency: 256,
      installCrd: true,
      leaderElect: true,
    });
  });

  it('lets the flag win over the variable, the last of several over the others, and ignores empty variables', () => {
    expect(parse('--concurrency 2 --concurrency=3', { ZEN_LEAD_CONCURRENCY: '9' }).concurrency).to.equal(3);
    expect(parse('', { ZEN_LEAD_CONCURRENCY: '', ZEN_LEAD_NAMESPACE: '' })).to.deep.equal(parse(''));
    expect(parse('--concurrency 2', { ZEN_LEAD_CONCURRENCY: 'nonsense' }).concurrency).to.equal(2);
    expect(parse('--install-crd', { ZEN_LEAD_INSTALL_CRD: 'false' }).installCrd).to.equal(true);
    expect(parse('', { ZEN_LEAD_INSTALL_CRD: 'false' }).installCrd).to.equal(false);
  });

  it('turns a server off by an empty address as by 0', () => {
    expect(parse('--metrics-bind-address=').metricsBindAddress).to.equal('off');
    expect(parse('--metrics-bind-address 0').metricsBindAddress).to.equal('off');
  });
});

describe('parseSettings: namespaces', () => {
  const cases: [string, string, NodeJS.ProcessEnv, readonly string[] | 'all'][] = [
    ['its own by default', '', {}, ['own']],
    ['all', '--all-namespaces', {}, 'all'],
    ['all by variable', '', { ZEN_LEAD_ALL_NAMESPACES: 'true' }, 'all'],
    ['its own when the variable says not all', '', { ZEN_LEAD_ALL_NAMESPACES: 'false' }, ['own']],
    ['each once', '--namespace a --namespace b --namespace a', {}, ['a', 'b']],
    ['the flag against the variable for all', '--namespace a', { ZEN_LEAD_ALL_NAMESPACES: 'true' }, ['a']],
    ['all by flag against the variable for some', '--all-namespaces', { ZEN_LEAD_NAMESPACE: 'a' }, 'all'],
    ['a name of 63 characters', `--namespace ${'a'.repeat(63)}`, {}, ['a'.repeat(63)]],
  ];
  for (const [title, line, env, expected] of cases) {
    it(`watches ${title}`, () => {
      expect(parse(line, env).namespaces).to.deep.equal(expected);
    });
  }

  it('says what to give when it has no namespace of its own', () => {
    for (const given of [{}, { namespace: '' }]) {
      expect(refusal('', {}, given)).to.match(/expected --namespace or --all-namespaces/);
    }
    expect(parse('--namespace a', {}, {}).namespaces).to.deep.equal(['a']);
    expect(parse('--all-namespaces', {}, {}).namespaces).to.equal('all');
  });
});

describe('parseSettings: refusals', () => {
  const names =
    'namespace names: at most 63 of a-z, 0-9 and "-", beginning and ending with a letter or digit';
  const address =
    '[host]:port with a port from 0 to 65535 (":8080", "127.0.0.1:8080", "[::1]:8080"), or "0" for off';
  const cases: [string, NodeJS.ProcessEnv, string][] = [
    ['--namespace a --all-namespaces', {}, '--namespace "a" with --all-namespaces: expected one of them'],
    [
      '',
      { ZEN_LEAD_NAMESPACE: 'a,b', ZEN_LEAD_ALL_NAMESPACES: 'true' },
      'ZEN_LEAD_NAMESPACE "a,b" with ZEN_LEAD_ALL_NAMESPACES: expected one of them',
    ],
    ['', { ZEN_LEAD_ALL_NAMESPACES: 'yes' }, 'ZEN_LEAD_ALL_NAMESPACES "yes": expected true, false'],
    ['--namespace Shop', {}, `--namespace "Shop": expected ${names}`],
    ['--namespace a,', {}, `--namespace "": expected ${names}`],
    ['--namespace -a', {}, `--namespace "-a": expected ${names}`],
    ['', { ZEN_LEAD_NAMESPACE: 'a,b.c' }, `ZEN_LEAD_NAMESPACE "b.c": expected ${names}`],
    [`--namespace ${'a'.repeat(64)}`, {}, `--namespace "${'a'.repeat(64)}": expected ${names}`],
    ['--concurrency 0', {}, '--concurrency "0": expected an integer from 1 to 256'],
    ['--concurrency 257', {}, '--concurrency "257": expected an integer from 1 to 256'],
    ['--concurrency 1.5', {}, '--concurrency "1.5": expected an integer from 1 to 256'],
    ['--concurrency 0x10', {}, '--concurrency "0x10": expected an integer from 1 to 256'],
    [
      '',
      { ZEN_LEAD_CONCURRENCY: 'many\nlines' },
      'ZEN_LEAD_CONCURRENCY "many\\nlines": expected an integer from 1 to 256',
    ],
    ['--kube-api-qps -1', {}, '--kube-api-qps "-1": expected an integer from 0 (no limit) to 100000'],
    ['--log-level trace', {}, '--log-level "trace": expected error, warn, info, debug'],
    ['--log-format xml', {}, '--log-format "xml": expected json, pretty'],
    ['--metrics-bind-address 8080', {}, `--metrics-bind-address "8080": expected ${address}`],
    [
      '',
      { ZEN_LEAD_HEALTH_PROBE_BIND_ADDRESS: ':99999' },
      `ZEN_LEAD_HEALTH_PROBE_BIND_ADDRESS ":99999": expected ${address}`,
    ],
    ['--concurency 3', {}, 'unknown flag "--concurency": did you mean --concurrency?'],
    ['--a\nb', {}, 'unknown flag "--a\\nb": see --help for those there are'],
    ['', { ZEN_LEAD_LEADER_ELECT: 'yes' }, 'ZEN_LEAD_LEADER_ELECT "yes": expected true, false'],
    ['', { ZEN_LEAD_INSTALL_CRD: '1' }, 'ZEN_LEAD_INSTALL_CRD "1": expected true, false'],
    ['--install-crd yes', {}, 'unexpected argument "yes": expected flags only'],
    ['--concurrency', {}, '--concurrency: expected a value, got none'],
    ['run', {}, 'unexpected argument "run": expected flags only'],
    ['--log-level debug run', {}, 'unexpected argument "run": expected flags only'],
  ];
  for (const [line, env, expected] of cases) {
    it(`refuses ${line} ${JSON.stringify(env)}`, () => {
      expect(refusal(line, env)).to.equal(expected);
    });
  }
});

describe('parseSettings: --help and --version', () => {
  function printed(line: string): { text: string; code: number | undefined } {
    const done = new Error('exit');
    let text = '';
    let code: number | undefined;
    const output: Output = {
      write: (chunk) => (text += chunk),
      exit: (status) => {
        code = status;
        throw done;
      },
    };
    expect(() => parseSettings([line], {}, {}, output)).to.throw(done);
    return { text, code };
  }

  it('prints the version and exits with 0', () => {
    expect(printed('--version')).to.deep.equal({ text: 'zen-lead dev (commit unknown)\n', code: 0 });
  });

  it('prints every flag with its variable in groups, and examples, in at most 110 columns', () => {
    const { text, code } = printed('--help');
    expect(code).to.equal(0);
    const flags = [...text.matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)].map((match) => match[1]);
    expect(flags).to.deep.equal([
      '--namespace',
      '--all-namespaces',
      '--metrics-bind-address',
      '--health-probe-bind-address',
      '--log-level',
      '--log-format',
      '--kube-api-qps',
      '--concurrency',
      '--install-crd',
      '--leader-elect',
      '--version',
      '--help',
    ]);
    for (const flag of flags.slice(0, -2)) {
      expect(text).to.contain(`ZEN_LEAD_${flag!.slice(2).toUpperCase().replaceAll('-', '_')}`);
    }
    expect(text).to.match(/What it watches:[^]*Where it listens:[^]*How it works:[^]*Examples:/);
    expect(Math.max(...text.split('\n').map((row) => row.length))).to.be.at.most(110);
  });
});
