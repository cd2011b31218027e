/**
 * Runs in the node's network namespace and is sent a socket that listens outside of it: whoever connects to that is
 * connected to the API server in the node. Arguments: address and port there. The node itself stays without a way out.
 */
import { connect, Server } from 'node:net';

const [host = '', port = ''] = process.argv.slice(2);

process.once('message', (_, listening) => {
  if (!(listening instanceof Server)) throw new TypeError('Expected a listening socket');
  listening.on('connection', (outside) => {
    const inside = connect({ host, port: Number(port), noDelay: true, allowHalfOpen: true });
    outside.setNoDelay(true);
    outside.pipe(inside).pipe(outside);
    for (const [one, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      // An error of one side is told to the other as an end; whoever it was for notices by itself.
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  process.send?.('ready', undefined, undefined, () => {
    // It outlives the starter where the node does.
    process.disconnect();
  });
});
