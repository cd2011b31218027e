/** The acts with a LeaderPolicy: what kubectl shows of it while the leader changes. */
import { LEADER, POLICY, SOURCE } from './objects.ts';
import type { Pod } from './objects.ts';
import { leadsElsewhere, serves } from './play.ts';
import type { Play } from './play.ts';
import { PolicyWatch } from './policy-watch.ts';
import { command, DemoError, pause, say, title } from './terminal.ts';

const READ_MS = 2_000;
const MANIFEST = `apiVersion: zen-lead.io/v1alpha1
kind: LeaderPolicy
metadata: {name: ${POLICY}}
spec:
  serviceRef: {name: ${SOURCE}}
`;
const HISTORY =
  String.raw`jsonpath={range .status.history[*]}{.epoch}{"\t"}{.from} -> {.to}{"\t"}{.reason}{"\t"}` +
  String.raw`nobody led for {.durationMilliseconds} ms{"\n"}{end}`;

export async function byPolicy(play: Play): Promise<void> {
  await applied(play);
  const watch = new PolicyWatch(play.stage.kubectl);
  let moved: Pod;
  try {
    await watch.until(row((await play.needLeader()).name));
    const lost = await failover(play, watch);
    moved = await switchover(play, watch, lost);
  } finally {
    await watch.stop();
  }
  await history(play, moved);
}

async function applied(play: Play): Promise<void> {
  const { kubectl } = play.stage;
  title('A LeaderPolicy for the same Service says more, and tells more than annotations');
  const before = { leader: await play.needLeader(), address: await play.objects.leaderAddress() };
  const output = await kubectl.run(['apply', '-f', '-'], MANIFEST);
  command(`${kubectl.line(['apply', '-f', '-'])} <<EOF\n${MANIFEST}EOF`, output);
  await kubectl.show('wait', '--for=condition=Ready', `leaderpolicy/${POLICY}`, '--timeout=10s');
  const after = { leader: await play.needLeader(), address: await play.objects.leaderAddress() };
  if (after.leader.uid !== before.leader.uid || after.address !== before.address) {
    throw new DemoError(
      `Expected ${LEADER} to stay at ${before.address} with leader ${before.leader.name}, found ${after.address} with ${after.leader.name}.`,
    );
  }
  say(`It goes before the annotation. ${LEADER}, its address and its leader have stayed.`);
  play.done({ act: 'LeaderPolicy applied', before: before.leader.name, after: after.leader.name });
  await pause(2 * READ_MS, play.signal);
}

/** @returns the pod that led before */
async function failover(play: Play, watch: PolicyWatch): Promise<Pod> {
  const old = await play.needLeader();
  title(`The leader, ${old.name}, is lost while kubectl looks on`);
  const took = await play.timed(() => play.lose(old), {
    leader: leadsElsewhere(old),
    source: (slice) => !serves(slice, old),
  });
  const leader = await play.needLeader();
  await watch.until(row(leader.name));
  play.done({ act: 'leader lost (policy)', before: old.name, after: leader.name, ...took });
  await pause(READ_MS, play.signal);
  if (play.stage.fakeNodes) await play.setReady(old, true);
  await play.podsReady(3);
  await watch.until(row(leader.name, '3/3'));
  await pause(READ_MS / 2, play.signal);
  return old;
}

/** @returns the pod that leads then */
async function switchover(play: Play, watch: PolicyWatch, lost: Pod): Promise<Pod> {
  const leader = await play.needLeader();
  const target = (await play.podsReady(3)).find(({ name }) => ![leader.name, lost.name].includes(name));
  if (target === undefined) throw new DemoError('Expected a third pod to switch over to, found none.');
  title(`A switchover, declared in the policy: from ${leader.name} to ${target.name}`);
  const took = await play.timed(() => play.switchOver(target, 'demo-1'), {
    leader: (slice) => serves(slice, target),
  });
  await watch.until(row((await play.needLeader()).name));
  play.done({ act: 'switchover (policy)', before: leader.name, after: target.name, ...took });
  await pause(READ_MS, play.signal);
  return target;
}

async function history(play: Play, leader: Pod): Promise<void> {
  const { kubectl } = play.stage;
  title('What the policy remembers, newest first');
  const args = ['get', 'leaderpolicy', POLICY, '-o', HISTORY];
  const told = await kubectl.run(args);
  command(kubectl.line(args), told);
  const newest = new RegExp(
    String.raw`^\d+\t\S+ -> ${leader.name}\tSwitchover\t.*\n.*\t(NotReady|Terminating|PodGone)\t`,
  );
  if (!newest.test(told))
    throw new DemoError(`Expected the switchover and before it the failover, found:\n${told}`);
  await kubectl.show('get', 'leaderpolicies', '-o', 'wide');
  await kubectl.show('events', '--for', `leaderpolicy/${POLICY}`);
  await pause(READ_MS, play.signal);
}

/** The line of the policy in kubectl's table while this pod leads. */
function row(leader: string, candidates = String.raw`\d+/\d+`): RegExp {
  return new RegExp(`^${POLICY} +${SOURCE} +${leader} +${candidates} .* True `);
}
