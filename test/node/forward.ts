import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ClusterError } from '../cluster/errors.ts';
import { identify } from '../cluster/run/process.ts';
import { APISERVER_PORT, NODE_ADDRESS } from './addresses.ts';
import { inNode } from './namespaces.ts';
import type { Server } from 'node:net';
import type { ProcessId } from '../cluster/run/process.ts';

/** A listening socket on 127.0.0.1, outside of the node, whose connections nobody takes yet. */
export interface Door {
  readonly port: number;
  readonly socket: Server;
}

export async function openDoor(): Promise<Door> {
  // Connections made before the forwarder has the socket would be taken here, by nobody.
  const socket = createServer();
  socket.listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = socket.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a port');
  return { port: address.port, socket };
}

/** Starts the forwarder in the node and hands it the socket, which this process gives up. */
export async function forward({ socket }: Door, init: number, directory: string): Promise<ProcessId> {
  const script = join(import.meta.dirname, 'forwarder.ts');
  const args = [script, NODE_ADDRESS, String(APISERVER_PORT)];
  const [command = '', ...all] = inNode(init, process.execPath, args);
  const log = openSync(join(directory, 'forwarder.log'), 'a', 0o600);
  const child = spawn(command, all, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new ClusterError(`The forwarder ended: see forwarder.log in ${directory}.`)),
  );
  await Promise.race([once(child, 'spawn'), ended]);
  child.send('socket', socket);
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  socket.close();
  child.unref();
  const id = identify(child.pid ?? 0);
  if (id === undefined) throw new ClusterError('The forwarder ended.');
  return id;
}
