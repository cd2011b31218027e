/** The processes of one node. Each is on record in the state file from its first moment. */
import { realpathSync } from 'node:fs';
import { startDaemon } from '../cluster/run/daemon.ts';
import { identify, signal, waitGone } from '../cluster/run/process.ts';
import { readState, writeState } from '../cluster/run/state.ts';
import { childOf, inNode, withStarter } from './namespaces.ts';
import type { Command, Daemon } from '../cluster/run/daemon.ts';
import type { ProcessId } from '../cluster/run/process.ts';
import type { ClusterState } from '../cluster/run/state.ts';

const INIT = 'init';
/** nsenter waits outside for what it has started inside. */
const waiterOf = (name: string): string => `${name}, its nsenter`;

export class NodeProcesses {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Makes the namespaces, and in them the first process, with whose end all others end. It ends with this process unless it
   * shall outlive it.
   */
  async startInit(pause: string, outlives: boolean): Promise<void> {
    const namespaces = ['--mount', '--pid', '--net', '--uts', '--mount-proc', '--propagation', 'private'];
    const unshare = ['unshare', ...namespaces, '--fork', '--kill-child=SIGKILL', pause];
    const [binary = '', ...args] = outlives ? unshare : withStarter(unshare);
    const daemon = await this.#start({ name: INIT, binary, args }, pause, waiterOf(INIT));
    await daemon.ready(() => Promise.resolve(true));
  }

  /** Starts it in the node. @param binary what its process runs in the end, where the command is not that itself */
  async launch(command: Command, binary = command.binary): Promise<Daemon> {
    const [nsenter = '', ...args] = inNode(this.init, command.binary, command.args);
    return this.#start({ name: command.name, binary: nsenter, args }, binary, waiterOf(command.name));
  }

  /** Process id of the first process of the namespaces, as the machine sees it. */
  get init(): number {
    return this.of(INIT).pid;
  }

  /** @throws when no such process is on record */
  of(name: string): ProcessId {
    const id = this.#state().processes[name];
    if (id === undefined) throw new Error(`${name} was never started in ${this.#directory}`);
    return id;
  }

  record(name: string, id: ProcessId): void {
    const state = this.#state();
    writeState(this.#directory, { ...state, processes: { ...state.processes, [name]: id } });
  }

  signal(name: string, what: NodeJS.Signals): void {
    // A waiter whose child is stopped has stopped itself.
    if (what === 'SIGCONT') signal(this.of(waiterOf(name)), what);
    if (!signal(this.of(name), what)) throw new Error(`${name} has ended: see its log in ${this.#directory}`);
  }

  /** Ends it as its users do; resolves when it is gone. */
  async stop(name: string): Promise<void> {
    this.signal(name, 'SIGTERM');
    const ids = [this.of(name), this.of(waiterOf(name))];
    if (!(await waitGone(ids))) throw new Error(`${name} does not end: see its log in ${this.#directory}`);
  }

  /** Lets the node outlive this process. */
  disown(): void {
    const { owner: _, ...state } = this.#state();
    writeState(this.#directory, state);
  }

  async #start(command: Command, binary: string, waiter: string): Promise<Daemon> {
    const daemon = await startDaemon(command, this.#directory);
    this.record(waiter, daemon.id);
    // As the kernel names it.
    const target = realpathSync(binary);
    await daemon.ready(
      () => {
        const child = identify(childOf(daemon.id.pid, target) ?? 0);
        if (child !== undefined) this.record(command.name, child);
        return Promise.resolve(child !== undefined);
      },
      { intervalMs: 5 },
    );
    return daemon;
  }

  #state(): ClusterState {
    const state = readState(this.#directory);
    if (state === undefined) throw new Error(`The node in ${this.#directory} was stopped`);
    return state;
  }
}
