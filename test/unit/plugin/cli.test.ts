import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/plugin/cli.ts';
import { COMMANDS } from '../../../src/plugin/commands.ts';
import { commonOptions } from '../../../src/plugin/common-options.ts';
import { EXIT_STATUS } from '../../../src/plugin/failure.ts';
import { rememberingTerminal } from '../../support/plugin.ts';
import { config, TestDirectory } from '../support/kubeconfig.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without any cluster. */
async function ran(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const terminal = rememberingTerminal();
  const surroundings = {
    env: { HOME: '/nonexistent/home', ...env },
    terminal,
    signal: new AbortController().signal,
  };
  const code = await run(args, surroundings);
  return { code, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

describe('kubectl leader --help', () => {
  it('lists all commands and the exit statuses, with or without the flag', async () => {
    const { code, stdout, stderr } = await ran(['--help']);
    expect([code, stderr]).to.deep.equal([0, '']);
    for (const { name } of COMMANDS) expect(stdout).to.match(new RegExp(`^ {2}${name} `, 'm'));
    for (const status of Object.values(EXIT_STATUS)) expect(stdout).to.match(new RegExp(`[:,] ${status} `));
    expect((await ran([])).stdout).to.equal(stdout);
  });

  for (const command of COMMANDS) {
    it(`of ${command.name} has its flags and its examples`, async () => {
      const { code, stdout } = await ran([command.name, '--help']);
      expect(code).to.equal(0);
      expect((await ran(['help', command.name])).stdout).to.equal(stdout);
      for (const { syntax } of command.flags) expect(stdout).to.contain(syntax);
      for (const [line] of command.examples) expect(stdout).to.contain(`kubectl leader ${line}`);
      expect(command.examples).not.to.have.lengthOf(0);
    });
  }

  it('has a version', async () => {
    expect((await ran(['--version'])).stdout).to.match(/^kubectl-leader \S+ \(commit \S+\)\n$/);
  });
});

describe('a command line that is wrong', () => {
  for (const [line, says] of [
    ['lsit', 'unknown command "lsit": did you mean list?'],
    ['list --frob', 'unknown flag "--frob": see --help for those there are'],
    ['list --namespac x', 'unknown flag "--namespac": did you mean --namespace?'],
    ['list -n', '-n: expected a value, got none'],
    ['list -o xml', '--output "xml": expected json, yaml, wide'],
    ['pause web -o wide', '--output "wide": expected json, yaml'],
    ['list a', "too many arguments for 'list'. Expected 0 arguments but got 1: a."],
    ['status', 'expected an argument <service>; see --help for examples'],
    ['switchover web', 'expected --to <pod>; see --help for examples'],
    [
      'list --context x --kubeconfig /nonexistent/config',
      '--context x: the kubeconfig /nonexistent/config does not exist; give --kubeconfig, or set KUBECONFIG',
    ],
  ] as const) {
    it(`is told in one line, with exit status 2: ${line}`, async () => {
      expect(await ran(line.split(' '))).to.deep.equal({ code: 2, stdout: '', stderr: `error: ${says}\n` });
    });
  }

  it('has a time-out that is none', async () => {
    const directory = new TestDirectory();
    const KUBECONFIG = directory.write('config', config());
    const { code, stderr } = await ran(['switchover', 'web', '--to', 'a', '--timeout', 'soon'], {
      KUBECONFIG,
    });
    directory.remove();
    expect([code, stderr]).to.deep.equal([
      2,
      'error: --timeout "soon": expected a duration such as 5s or 1m30s, at most 24h\n',
    ]);
  });
});

describe('completion', () => {
  const offered = async (...words: string[]): Promise<string[]> => {
    const { code, stdout, stderr } = await ran(['__complete', ...words]);
    expect([code, stderr]).to.deep.equal([0, '']);
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '');
  };

  it('offers commands, flags and formats without a cluster, and never file names', async () => {
    expect(await offered('')).to.deep.equal([...COMMANDS.map(({ name }) => name), 'help', ':4']);
    expect(await offered('port')).to.deep.equal(['port-forward', ':4']);
    expect(await offered('help', 'li')).to.deep.equal(['list', ':4']);
    expect(await offered('switchover', 'web', '--t')).to.deep.equal(['--to', '--timeout', ':4']);
    expect(await offered('pause', '-o', '')).to.deep.equal(['json', 'yaml', ':4']);
    expect(await offered('list', '-n', 'shop', '--output', 'w')).to.deep.equal(['wide', ':4']);
  });

  it('offers nothing where there is no cluster to ask, and says nothing', async () => {
    for (const words of [
      ['status', ''],
      ['list', '-n', ''],
      ['switchover', 'web', '--to', ''],
      ['nope', ''],
      ['list', ''],
    ])
      expect(await offered(...words)).to.deep.equal([':4']);
  });

  it('offers the contexts of the kubeconfig', async () => {
    const directory = new TestDirectory();
    const file = directory.write('config', config());
    expect(await offered('list', `--kubeconfig=${file}`, '--context', '')).to.deep.equal(['dev', ':4']);
    directory.remove();
  });
});

describe('docs/kubectl-plugin.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/kubectl-plugin.md'), 'utf8');
  const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
  const column = (heading: string): string[] => {
    const [, section = ''] = page.split(`## ${heading}\n`);
    return [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)`/gm)].map(([, code = '']) => code);
  };

  it('has a chapter for each command', () => {
    expect(headings).to.have.members(COMMANDS.map(({ name }) => name));
  });

  it('lists exactly the flags', () => {
    const own = COMMANDS.flatMap(({ flags }) => flags.map(({ syntax }) => syntax));
    const common = commonOptions({ name: 'list', prints: true }).map(({ flags }) => flags);
    expect(column('Flags')).to.have.members([...own, ...common]);
  });

  it('lists exactly the exit statuses', () => {
    expect(column('Exit status')).to.have.members(['0', '130', ...Object.values(EXIT_STATUS).map(String)]);
  });
});
