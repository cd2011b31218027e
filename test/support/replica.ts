/** One of several replicas, and what the others do meanwhile. */
import type { Pod } from '../../src/api/objects.ts';
import { endpoint, HTTP, leaderOf, memoryOf, NOW, pod, service, slice } from './builders.ts';
import { KEY, ReconcilerUnderTest } from './reconciler.ts';

export const WEB = service('web').build();
export const LEADER = leaderOf(WEB).build();
export const LOST = pod('a').notReady().build();

/** Pod a leads, b and c stand by; the replica is the first in rank or another one. */
export async function led(isFirst: boolean): Promise<ReconcilerUnderTest> {
  const test = new ReconcilerUnderTest();
  test.world.services(WEB, LEADER).pods(pod('a').build(), pod('b').build(), pod('c').build());
  await test.reconcile();
  await test.reconcile();
  test.isFirst = isFirst;
  return test.quiet();
}

/** As before; then, at the replica's own caches at least, a is no longer Ready. */
export async function losing(isFirst = false): Promise<ReconcilerUnderTest> {
  const test = await led(isFirst);
  test.world.pods(LOST);
  return test;
}

/** Another replica's write, as the watch of the slices brings it. */
export function publishedElsewhere(test: ReconcilerUnderTest, leader: Pod | undefined, epoch: number): void {
  const made = slice(LEADER)
    .remembering(memoryOf(leader ?? pod('a').build(), epoch))
    .ports(HTTP);
  test.elsewhere(made.holding(...(leader === undefined ? [] : [endpoint(leader)])).build());
}

/** Half a second later it is still its turn. */
export async function late(test: ReconcilerUnderTest): Promise<ReconcilerUnderTest> {
  await test.reconcile();
  test.monotonic += 500;
  return await test.quiet().reconcile();
}

export function leader(test: ReconcilerUnderTest): string | undefined {
  const [published] = test.world.view.gather(KEY, NOW).slices;
  return published?.endpoints[0]?.podName;
}
