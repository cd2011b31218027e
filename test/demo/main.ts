/**
 * make demo: a leader Service and its failovers on a real Kubernetes API server. Ends with 0 when every act showed what
 * it should, with 1 and a message otherwise; takes back what it made, whatever happens. KEEP=1 leaves it running.
 */
import { messageOf, ZenLeadError } from '../../src/errors.ts';
import { ClusterError } from '../cluster/errors.ts';
import * as acts from './acts.ts';
import { provideCrd } from './crd.ts';
import { OperatorProcess } from './operator.ts';
import { milliseconds, Play } from './play.ts';
import { byPolicy } from './policy-acts.ts';
import { SliceWatch } from './slice-watch.ts';
import { openStage } from './stage.ts';
import { bold, command, DemoError, dim, green, red, say, table, title } from './terminal.ts';

class Interrupted extends Error {
  /** As a shell tells the end by a signal. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`interrupted by ${signal}`);
    this.exitCode = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal];
  }
}

const control = new AbortController();
const { signal } = control;

function interruptible(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const interrupted = new Interrupted(name);
      // Asked a second time: whatever still runs is killed by the exit hooks.
      if (signal.aborted) process.exit(interrupted.exitCode);
      say(bold(`\n${interrupted.message}: taking back what was made`));
      control.abort(interrupted);
    });
  }
  // Nobody reads any more (make demo | head).
  process.stdout.on('error', () => {
    control.abort(new Interrupted('SIGHUP'));
  });
}

async function show(play: Play): Promise<void> {
  await acts.enable(play);
  if (play.stage.fakeNodes) {
    const old = await acts.notReady(play);
    await acts.comesBack(play, old);
  } else {
    say(
      '\nYour nodes are real: the kubelet would write back a readiness that is patched. So pods are deleted instead.',
    );
  }
  await acts.deleted(play);
  const pods = await acts.allNotReady(play);
  await acts.recovers(play, pods);
}

function summary({ rows }: Play): void {
  title('Summary');
  table([
    ['WHAT HAPPENED', 'LEADER BEFORE', 'LEADER AFTER', 'ZEN-LEAD', 'KUBE-CONTROLLER-MANAGER'],
    ...rows.map(({ act, before, after, ours, kcm }) => [
      act,
      before,
      after,
      milliseconds(ours),
      milliseconds(kcm),
    ]),
  ]);
  say(
    dim(
      "Milliseconds from the API server's answer to the act, to the changed EndpointSlice seen on a watch:",
    ),
  );
  say(dim("zen-lead's slice of postgres-leader, kube-controller-manager's slice of postgres."));
}

const NOT_READY = { status: { conditions: [{ type: 'Ready', status: 'False' }] } };

/** Foreground until Ctrl-C, so that nothing is left behind. */
async function keep({ stage: { kubeconfig, kubectl }, rows }: Play): Promise<void> {
  title('It stays up until Ctrl-C, which ends it and takes back what was made. In another terminal:');
  say(`export KUBECONFIG=${kubeconfig}`);
  say(kubectl.line(['get', 'endpointslices', '-w']));
  say(
    kubectl.line([
      'patch',
      'pod',
      rows.at(-1)?.after ?? '',
      '--subresource=status',
      '-p',
      JSON.stringify(NOT_READY),
    ]),
  );
  say(kubectl.line(['events', '--for', 'service/postgres']));
  say(kubectl.line(['get', 'leaderpolicies', '-w']));
  await new Promise<void>((resolve) => {
    // A promise alone does not keep the process; nor does it have to be woken up by anything else.
    const timer = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(timer);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

async function run(): Promise<void> {
  const cleanups: (() => Promise<void>)[] = [];
  try {
    const stage = await openStage(signal);
    cleanups.push(stage.close);
    const slices = new SliceWatch(stage.client, stage.namespace, signal);
    await slices.start();
    const play = new Play(stage, slices, signal);
    await acts.applyManifests(play);

    title('The CustomResourceDefinition of LeaderPolicy, and the operator');
    const { client, kubectl, kubeconfig, namespace } = stage;
    const crd = await provideCrd({ client, kubectl, namespace, signal, terminal: { say, command } });
    if (!stage.disposable) cleanups.push(crd.close);
    const onDeath = (error: DemoError): void => {
      control.abort(error);
    };
    const operator = await OperatorProcess.start({ kubeconfig, namespace, signal, onDeath });
    cleanups.push(() => operator.stop());
    await show(play);
    await kubectl.show('events', '--for', 'service/postgres');
    if (crd.served) await byPolicy(play);
    summary(play);
    if (['', '0'].includes(process.env['KEEP'] ?? '')) return;
    await keep(play);
    if (signal.reason instanceof DemoError) throw signal.reason;
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

function explain(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode;
  const known = error instanceof DemoError || error instanceof ClusterError || error instanceof ZenLeadError;
  const text = known || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
  process.stderr.write(`${red('The demo failed:')} ${text}\n`);
  return 1;
}

interruptible();
try {
  await run();
  say(green('\nEvery act showed what it should.'));
  process.exit(0);
} catch (error) {
  process.exit(explain(signal.aborted ? signal.reason : error));
}
