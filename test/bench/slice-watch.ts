import type { KubeClient } from '../../src/kube/client.ts';
import { JsonLines } from '../../src/watch/json-lines.ts';
import type { RawSlice, SliceBoard } from './slice-board.ts';

const PATH = '/apis/discovery.k8s.io/v1/endpointslices';

/**
 * The one watch of the bench. It sees leader slices and those of kube-controller-manager on one stream, in the order in which
 * they were written. @returns once it is open; `onEnd` is called when it ends, which nothing but the signal should do
 */
export async function watchSlices(
  client: KubeClient,
  board: SliceBoard,
  signal: AbortSignal,
  onEnd: (error: unknown) => void,
): Promise<void> {
  const common = { resource: 'endpointslices', path: PATH, signal };
  const list = await client.call<{ metadata: { resourceVersion: string }; items: RawSlice[] }>({
    ...common,
    verb: 'list',
  });
  const { resourceVersion } = list.metadata;
  for (const slice of list.items) board.take(slice, performance.now());
  const query = { watch: true, resourceVersion, timeoutSeconds: 86_400 };
  const stream = await client.stream({ ...common, verb: 'watch', query });
  void follow(stream, board).then(() => {
    onEnd(new Error('the API server ended it'));
  }, onEnd);
}

async function follow(stream: AsyncIterable<Uint8Array>, board: SliceBoard): Promise<void> {
  const lines = new JsonLines();
  for await (const chunk of stream) {
    const at = performance.now();
    for (const line of lines.push(chunk)) {
      const { type, object } = line as { type: string; object: RawSlice };
      if (type === 'ADDED' || type === 'MODIFIED') board.take(object, at);
      else if (type === 'ERROR') throw new Error(JSON.stringify(object));
    }
  }
}
