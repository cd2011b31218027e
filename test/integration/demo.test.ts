import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { ensureBundle } from './support/bundle.ts';
import { sideBySide } from './support/side-by-side.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DEMO = join(ROOT, 'test/demo/main.ts');

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** `make demo` without make, its output no terminal. `onOutput` may answer with a signal to send, once. */
async function runDemo(
  env: NodeJS.ProcessEnv,
  onOutput: (output: string) => NodeJS.Signals | undefined = () => undefined,
): Promise<Outcome> {
  const { KUBECONFIG: _k, KEEP: _keep, ...rest } = process.env;
  const child = spawn(process.execPath, [DEMO], {
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let sent = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const signal = sent ? undefined : onOutput(output);
      if (signal === undefined) return;
      sent = true;
      child.kill(signal);
    });
  }
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed).once('close', done);
  });
  return { code, output };
}

async function isListening(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  const socket = createConnection({ host, port: Number(port) });
  return new Promise<boolean>((done) => {
    socket.once('connect', () => {
      done(true);
    });
    socket.once('error', () => {
      done(false);
    });
  }).finally(() => socket.destroy());
}

/** kubectl shows each leader while it leads, and the history names the same ones. */
function expectPolicyAct(output: string): void {
  const [, shown = ''] = output.split('$ kubectl get leaderpolicies -w\n');
  const live = [...shown.matchAll(/^postgres +postgres +(postgres-\d) +\d\/3 +\d+ +(?:\S+ +)?True +\S+$/gm)];
  const leaders = live.map(([, leader]) => leader).filter((leader, index, all) => leader !== all[index - 1]);
  const moves = [...shown.matchAll(/^\d+\t(postgres-\d) -> (postgres-\d)\t(\w+)\t/gm)].map((match) =>
    match.slice(1),
  );
  expect(leaders).to.have.lengthOf(3);
  expect(moves).to.deep.equal([
    [leaders[1], leaders[2], 'Switchover'],
    [leaders[0], leaders[1], 'NotReady'],
  ]);
}

describe('demo', () => {
  before(async function () {
    this.timeout(60_000);
    await ensureBundle();
  });

  const shows = async (): Promise<void> => {
    const { code, output } = await runDemo({});
    expect(output, output).to.include('Every act showed what it should.');
    expect(code, output).to.equal(0);
    const ms = String.raw`\d+\.\d ms`;
    const rows = [
      `annotation added +nobody +postgres-0 +${ms} +-`,
      `leader NotReady +postgres-0 +postgres-1 +${ms} +${ms}`,
      'old leader is back +postgres-1 +postgres-1 +- +-',
      `leader deleted +postgres-1 +postgres-[02] +${ms} +${ms}`,
      `no pod is Ready +postgres-[02] +nobody +${ms} +${ms}`,
      `a pod is Ready again +nobody +postgres-[02] +${ms} +${ms}`,
      String.raw`LeaderPolicy applied +(postgres-[02]) +\1 +- +-`,
      `leader lost \\(policy\\) +postgres-[02] +postgres-[012] +${ms} +${ms}`,
      `switchover \\(policy\\) +postgres-[012] +postgres-[012] +${ms} +-`,
    ];
    for (const row of rows) expect(output).to.match(new RegExp(`^${row}$`, 'm'));
    expectPolicyAct(output);
    expect(output).to.include('$ kubectl get endpointslices\n');
    expect(output, 'no colours where there is no terminal').not.to.include('\u001B');
  };

  const isInterrupted = async (): Promise<void> => {
    const { code, output } = await runDemo({}, (text) =>
      text.includes('caches are filled') ? 'SIGINT' : undefined,
    );
    expect(code, output).to.equal(130);
    const kubeconfig = /kubeconfig=(\S+)/.exec(output)?.[1] ?? '';
    const address = /listening address=(\S+)/.exec(output)?.[1] ?? '';
    expect(kubeconfig).to.include('admin.kubeconfig');
    expect(existsSync(dirname(kubeconfig)), 'the control plane is gone').to.equal(false);
    expect(await isListening(address), 'the operator listens still').to.equal(false);
  };

  sideBySide(
    {
      'shows every failover on a control plane of its own, and says what each took': shows,
      'takes back the operator and the control plane when it is interrupted': isInterrupted,
    },
    60_000,
  );

  it('fails with one sentence when KUBECONFIG leads nowhere', async () => {
    const { code, output } = await runDemo({ KUBECONFIG: '/no/such/kubeconfig' });
    expect(code).to.equal(1);
    expect(output.trim().split('\n')).to.have.lengthOf(1);
    expect(output).to.match(/^The demo failed: .*\/no\/such\/kubeconfig/);
  });
});
