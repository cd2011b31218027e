/** The acts, in order. Each one fails with a DemoError where it does not show what it should. */
import { readFileSync } from 'node:fs';
import { LEADER, SOURCE } from './objects.ts';
import type { Pod } from './objects.ts';
import { leadsElsewhere, serves } from './play.ts';
import type { Play } from './play.ts';
import { command, DemoError, pause, say, title } from './terminal.ts';

const MANIFEST = 'config/samples/postgres.yaml';
const READ_MS = 2_000;
const NOBODY = 'nobody';

export async function applyManifests(play: Play): Promise<void> {
  const { kubectl, fakeNodes } = play.stage;
  title('An ordinary StatefulSet of three pods, and an ordinary Service');
  let manifest = readFileSync(new URL(`../../${MANIFEST}`, import.meta.url), 'utf8');
  if (!fakeNodes) {
    say(
      'Your nodes run the image for real, and postgres:14 does not start without a password or one more line:',
    );
    say('env POSTGRES_HOST_AUTH_METHOD=trust is added to the manifest.');
    manifest = manifest.replace(
      /( +)image: .*\n/,
      `$&$1env: [{name: POSTGRES_HOST_AUTH_METHOD, value: trust}]\n`,
    );
  }
  const output = await kubectl.run(['apply', '-f', '-'], manifest);
  command(kubectl.line(['apply', '-f', fakeNodes ? MANIFEST : '-']), output);
  await play.podsReady(3);
  await kubectl.show('get', 'pods');
  await pause(READ_MS, play.signal);
}

export async function enable(play: Play): Promise<void> {
  const { kubectl } = play.stage;
  title('One annotation: the Service gets a leader');
  const took = await play.timed(() => play.annotate('zen-lead.io/enabled', 'true'), {
    leader: ({ endpoints }) => endpoints.length === 1,
  });
  const leader = await play.needLeader();
  await pause(READ_MS / 2, play.signal);
  play.done({ act: 'annotation added', before: NOBODY, after: leader.name, ...took });
  await kubectl.show('get', 'svc');
  await kubectl.show('get', 'endpointslices');
  await announced(play, leader);
  await kubectl.show(
    'get',
    'svc',
    LEADER,
    '-o',
    String.raw`jsonpath={.metadata.annotations.zen-lead\.io/leader-pod-name}`,
  );
  say(`Clients of ${SOURCE} reach all three pods; clients of ${LEADER} reach the leader only.`);
  await pause(2 * READ_MS, play.signal);
}

/** The operator tells it on the Service after the traffic has moved. */
async function announced(play: Play, leader: Pod): Promise<void> {
  const deadline = performance.now() + 5_000;
  while ((await play.objects.announcedLeader()) !== leader.name) {
    if (performance.now() > deadline) {
      throw new DemoError(`Expected ${LEADER} to tell within 5 s that ${leader.name} leads.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function notReady(play: Play): Promise<Pod> {
  const old = await play.needLeader();
  title(`The leader, ${old.name}, stops being Ready`);
  const took = await play.timed(() => play.setReady(old, false), {
    leader: leadsElsewhere(old),
    source: (slice) => !serves(slice, old),
  });
  const leader = await play.needLeader();
  await pause(READ_MS / 2, play.signal);
  play.done({ act: 'leader NotReady', before: old.name, after: leader.name, ...took });
  await play.showSlices();
  await pause(READ_MS, play.signal);
  return old;
}

export async function comesBack(play: Play, old: Pod): Promise<void> {
  const leader = await play.needLeader();
  title(`${old.name} is Ready again: the leader stays (sticky)`);
  const before = play.slices.of(LEADER)?.resourceVersion;
  await play.timed(() => play.setReady(old, true), {
    leader: () => true,
    source: (slice) => serves(slice, old),
  });
  await pause(READ_MS / 2, play.signal);
  await play.showSlices();
  if (play.slices.of(LEADER)?.resourceVersion !== before) {
    throw new DemoError(
      `Expected the slice of ${LEADER} to stay as it was when ${old.name} came back; it was written.`,
    );
  }
  play.done({ act: 'old leader is back', before: leader.name, after: leader.name });
  await pause(READ_MS, play.signal);
}

export async function deleted(play: Play): Promise<void> {
  const old = await play.needLeader();
  title(`The leader, ${old.name}, is deleted`);
  const took = await play.timed(() => play.delete(old), {
    leader: leadsElsewhere(old),
    source: (slice) => !serves(slice, old),
  });
  const leader = await play.needLeader();
  await pause(READ_MS / 2, play.signal);
  play.done({ act: 'leader deleted', before: old.name, after: leader.name, ...took });
  await play.podsReady(3);
  await play.showSlices();
  say(`The StatefulSet has made a new ${old.name}. It has another UID: to zen-lead it is another pod.`);
  await pause(READ_MS, play.signal);
}

/** @returns the pods, the last leader first */
export async function allNotReady(play: Play): Promise<readonly Pod[]> {
  const pods = await play.podsReady(3);
  const old = await play.needLeader();
  const others = pods.filter(({ uid }) => uid !== old.uid);
  title('No pod is Ready: the leader Service leads nowhere (it fails closed)');
  for (const pod of others) await play.lose(pod);
  const took = await play.timed(() => play.lose(old), {
    leader: ({ endpoints }) => endpoints.length === 0,
    source: (slice) => !serves(slice, old),
  });
  await pause(READ_MS / 2, play.signal);
  play.done({ act: 'no pod is Ready', before: old.name, after: NOBODY, ...took });
  await play.showSlices();
  await pause(READ_MS, play.signal);
  return [old, ...others];
}

export async function recovers(play: Play, pods: readonly Pod[]): Promise<void> {
  title('Pods become Ready again: the first one leads');
  const [first, ...rest] = pods;
  if (play.stage.fakeNodes && first !== undefined) {
    const took = await play.timed(() => play.setReady(first, true), {
      leader: (slice) => serves(slice, first),
      source: (slice) => serves(slice, first),
    });
    await pause(READ_MS / 2, play.signal);
    play.done({ act: 'a pod is Ready again', before: NOBODY, after: first.name, ...took });
    for (const pod of rest) await play.setReady(pod, true);
  } else {
    // The StatefulSet makes new pods, one after another.
    const what = 'That a new pod leads';
    await play.slices.until(what, LEADER, ({ endpoints }) => endpoints.length === 1, 300_000);
    play.done({ act: 'a pod is Ready again', before: NOBODY, after: (await play.needLeader()).name });
  }
  await play.podsReady(3);
  await play.showSlices();
  await pause(READ_MS, play.signal);
}
