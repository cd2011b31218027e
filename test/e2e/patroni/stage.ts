/** Patroni on the real node, and the clients that write all the time while something befalls its primary. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KubeClient } from '../../../src/kube/client.ts';
import { loadKubeConfig } from '../../../src/kube/kubeconfig.ts';
import { waitFor } from '../../cluster/wait.ts';
import type { RealNode } from '../../node/node.ts';
import { longestSilence, type Silence } from '../check/silence.ts';
import type { Row, Write } from '../check/write.ts';
import type { Spawn } from '../client/probe.ts';
import { CREATE_TABLE } from '../client/sequence-writer.ts';
import { monotonicMs } from '../clock.ts';
import type { Done } from './acts.ts';
import { Chronicle } from './chronicle.ts';
import { Members, SCOPE, type Member } from './members.ts';
import type { Outcome } from './report.ts';
import { Writer } from './writer.ts';

export const SAMPLE = resolve(import.meta.dirname, '../../../config/samples/flagship-patroni.yaml');
export const LEADER_SERVICE = 'patroni-primary';
/** Of the sample. */
const PASSWORD = 'change-me';
const INTERVAL_MS = 25;
/** Short: what is frozen is given up, and asked for anew through the Service. */
const TIMEOUT_MS = 500;
/** Longer than any act: this client hangs on to the connection that it has, and would see what an old primary still confirms. */
const PATIENCE_MS = 120_000;

export class Stage {
  readonly node: RealNode;
  readonly namespace: string;
  readonly members: Members;
  readonly outcomes: Outcome[] = [];
  readonly #client: KubeClient;
  readonly #names = new Map<string, string>();
  readonly #writers: Writer[] = [];
  #patient: Writer | undefined;
  #chronicle: Chronicle | undefined;

  /** @param namespace must not be there yet */
  constructor(node: RealNode, namespace: string) {
    const { kubeConfig } = loadKubeConfig({ KUBECONFIG: node.kubeconfigPath });
    this.node = node;
    this.namespace = namespace;
    this.#client = new KubeClient({ kubeConfig, version: 'e2e' });
    this.members = new Members(node.api, namespace);
  }

  /** Applies the sample, word for word, and starts the clients. */
  async start(): Promise<void> {
    const { node, namespace } = this;
    await node.kubectl(['create', 'namespace', namespace]);
    await this.kubectl(['apply', '--filename', '-'], await readFile(SAMPLE, 'utf8'));
    const { leader } = await this.members.whole();
    await this.psql(leader!, CREATE_TABLE);
    const services = [LEADER_SERVICE, SCOPE];
    this.#chronicle = await Chronicle.start({ client: this.#client, namespace, services });
    const [own, patroni] = await Promise.all(services.map((name) => this.#addressOf(name)));
    this.#writers.push(
      this.#writer('through zen-lead', own!, TIMEOUT_MS),
      this.#writer("through Patroni's Service", patroni!, TIMEOUT_MS),
    );
    this.#patient = this.#writer('patient', own!, PATIENCE_MS);
    await this.#allWrite();
  }

  /** The clients that give up soon, by name. */
  get clients(): readonly string[] {
    return this.#writers.map(({ client }) => client);
  }

  get writes(): readonly Write[] {
    return this.#all.flatMap(({ writes }) => writes);
  }

  get #all(): readonly Writer[] {
    return [...this.#writers, ...(this.#patient === undefined ? [] : [this.#patient])];
  }

  /** Does it to the primary of a whole cluster, waits until all write again, takes it back, and waits until all is whole. */
  async perform(
    act: string,
    befall: (primary: Member, others: readonly Member[]) => Promise<Done>,
  ): Promise<Outcome> {
    const before = await this.members.whole();
    await this.#allWrite();
    for (const { address = '', name } of before.members) this.#names.set(address, name);
    const primary = before.members.find(({ name }) => name === before.leader)!;
    const at = monotonicMs();
    const done = await befall(
      primary,
      before.members.filter((member) => member !== primary),
    );
    await this.#allWrite();
    const undoneAt = monotonicMs();
    const silences = this.#silences(at, undoneAt);
    await done.undo();
    const after = await this.members.whole();
    await this.#allWrite();
    const now = monotonicMs();
    const outcome = {
      act,
      at,
      from: primary.name,
      to: after.leader!,
      silences,
      silencesAfterwards: this.#silences(undoneAt, now),
      changes: this.#chronicle!.between(at, now),
    };
    this.outcomes.push(outcome);
    return outcome;
  }

  /** Ends the clients and reads everything back from the primary. */
  async readBack(): Promise<Row[]> {
    await Promise.all(this.#all.map((writer) => writer.stop()));
    const { name } = await this.members.leader();
    const text = await this.psql(name, 'select client, sequence from writes order by 1, 2');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('|'))
      .map(([client = '', sequence]) => ({ client, sequence: Number(sequence) }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((writer) => writer.stop()));
    this.#chronicle?.stop();
    await this.#client.close();
  }

  nameOf(address: string): string {
    return this.#names.get(address) ?? address;
  }

  /** Asks a member itself, from inside its pod: rows without headings, columns with `|` in between. */
  async psql(pod: string, sql: string): Promise<string> {
    return this.inPod(pod, 'psql', '--no-align', '--tuples-only', '--quiet', '--command', sql);
  }

  async inPod(pod: string, ...command: string[]): Promise<string> {
    return this.kubectl(['exec', pod, '--', ...command]);
  }

  async kubectl(args: readonly string[], input?: string): Promise<string> {
    return this.node.kubectl(['--namespace', this.namespace, ...args], input);
  }

  #writer(client: string, host: string, timeoutMs: number): Writer {
    const common = { port: 5432, user: 'postgres', password: PASSWORD, database: 'postgres' };
    const spawn: Spawn = (...started) => this.node.spawn(...started);
    return new Writer(spawn, { ...common, client, host, timeoutMs, intervalMs: INTERVAL_MS });
  }

  /** Each client has begun a write after this moment, and it was acknowledged. */
  async #allWrite(): Promise<void> {
    const now = monotonicMs();
    await Promise.all(this.#writers.map((writer) => writer.writesAfter(now)));
  }

  #silences(since: number, until: number): Record<string, Silence | undefined> {
    return Object.fromEntries(
      this.#writers.map(({ client, writes }) => {
        const told = writes.filter(({ endedAt }) => endedAt <= until);
        return [client, longestSilence(told, since)];
      }),
    );
  }

  async #addressOf(service: string): Promise<string> {
    const path = `/api/v1/namespaces/${this.namespace}/services`;
    return await waitFor(`the Service ${service}`, async () => {
      const { items } = await this.node.api.call<{
        items: { metadata: { name: string }; spec: { clusterIP?: string } }[];
      }>('GET', path);
      return items.find(({ metadata }) => metadata.name === service)?.spec.clusterIP;
    });
  }
}
