import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../../src/api/objects.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { LogFields, Logger } from '../../../src/logger.ts';
import type { RestartReason } from '../../../src/watch/failure.ts';
import { metadataOf } from '../../../src/watch/metadata.ts';
import { Reflector } from '../../../src/watch/reflector.ts';
import type { ReflectorOptions } from '../../../src/watch/reflector-options.ts';
import { Store } from '../../../src/watch/store.ts';
import type { Change } from '../../../src/watch/store.ts';
import { ScriptedServer } from './scripted-server.ts';
import type { Handler, Seen } from './scripted-server.ts';
import { until } from './wait.ts';

export interface Thing extends KubeObject {
  readonly value: string;
}

/** As the API server sends it. */
export function raw(name: string, resourceVersion: string, value = resourceVersion): object {
  return {
    metadata: {
      namespace: 'shop',
      name,
      uid: `uid-${name}`,
      resourceVersion,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    value,
  };
}

export function projectThing(object: unknown): Thing {
  return { ...metadataOf('Thing', object as object), value: (object as Thing).value };
}

/** A page of a list, the last one where no token for the next is given. */
export function page(resourceVersion: string, items: object[] | null, next?: string): Handler {
  return (_request, response) => {
    response.end(JSON.stringify({ metadata: { resourceVersion, continue: next }, items }));
  };
}

export function line(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

export function bookmark(resourceVersion: string): string {
  return line('BOOKMARK', { metadata: { resourceVersion } });
}

export function errorLine(code: number, reason: string): string {
  return line('ERROR', { kind: 'Status', code, reason, message: `because of ${reason}` });
}

type Ending = 'open' | 'end' | 'drop';

/** A watch that sends these chunks and then stays open, ends cleanly or loses its connection. */
export function stream(ending: Ending, ...chunks: (string | Buffer)[]): Handler {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    sendAll(response, chunks, ending);
  };
}

function sendAll(response: ServerResponse, chunks: (string | Buffer)[], ending: Ending): void {
  const [chunk, ...rest] = chunks;
  if (chunk !== undefined) {
    // One chunk a turn, so that the client reads them one by one.
    response.write(chunk, () => {
      setImmediate(() => {
        sendAll(response, rest, ending);
      });
    });
  } else if (ending === 'end') {
    response.end();
  } else if (ending === 'drop') {
    response.destroy();
  }
}

export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields;
}

/** A reflector of Things in the namespace "shop", and the API server that it talks to. */
export class ReflectorUnderTest {
  /** What to answer, in order; when there is no more, a list is empty and a watch is silent. */
  readonly lists: Handler[] = [];
  readonly watches: Handler[] = [];
  readonly restarts: RestartReason[] = [];
  readonly logged: LogLine[] = [];
  readonly changes: Change<Thing>[] = [];
  events = 0;
  synced = 0;
  readonly server: ScriptedServer;
  readonly store = new Store<Thing>(() => performance.now());
  readonly reflector: Reflector<Thing>;
  readonly #client: KubeClient;
  readonly #stop = new AbortController();
  #stopped: Promise<void> = Promise.resolve();

  private constructor(server: ScriptedServer, options: Partial<ReflectorOptions<Thing>>) {
    this.server = server;
    this.server.handler = (request, response) => {
      const script = isWatch(request) ? this.watches.shift() : this.lists.shift();
      const otherwise = isWatch(request) ? stream('open') : page('1', []);
      (script ?? otherwise)(request, response);
    };
    this.store.onChange((change) => this.changes.push(change));
    // Its timeouts are of the same clock as the pauses.
    this.#client = server.client(options.clock === undefined ? {} : { clock: options.clock });
    this.reflector = new Reflector({
      client: this.#client,
      resource: 'things',
      path: '/api/v1/namespaces/shop/things',
      project: projectThing,
      store: this.store,
      log: this.#logger(),
      random: () => 0,
      onRestart: (reason) => this.restarts.push(reason),
      onSynced: () => (this.synced += 1),
      onEvent: () => (this.events += 1),
      ...options,
    });
  }

  static async create(options: Partial<ReflectorOptions<Thing>> = {}): Promise<ReflectorUnderTest> {
    return new ReflectorUnderTest(await ScriptedServer.start(), options);
  }

  get listed(): Seen[] {
    return this.server.requests.filter((request) => !isWatch(request));
  }

  get watched(): Seen[] {
    return this.server.requests.filter(isWatch);
  }

  /** The resourceVersions from which was watched, in order. */
  get watchedFrom(): (string | null)[] {
    return this.watched.map(({ query }) => query.get('resourceVersion'));
  }

  /** "a=1" for each object, in the order of names. */
  get content(): string[] {
    return [...this.store.values()].map(({ name, value }) => `${name}=${value}`).sort();
  }

  /** "a +1", "a 1>2", "a -2"; empties what it tells. */
  told(): string[] {
    return this.changes.splice(0).map(({ old, new: now }) => {
      const name = (now ?? old)?.name ?? '';
      if (old === undefined) return `${name} +${String(now?.value)}`;
      return now === undefined ? `${name} -${old.value}` : `${name} ${old.value}>${now.value}`;
    });
  }

  logs(level: keyof Logger): LogLine[] {
    return this.logged.filter((each) => each.level === level);
  }

  start(): this {
    this.#stopped = this.reflector.start(this.#stop.signal);
    return this;
  }

  async untilWatched(times: number): Promise<void> {
    await until(`${times} watches`, () => this.watched.length >= times);
  }

  async untilContent(...content: string[]): Promise<void> {
    await until(`the store to hold ${content.join(' ')}`, () => this.content.join() === content.join());
  }

  /** Resolves when the reflector has ended. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('stopped'));
    await this.#stopped;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#client.close();
    await this.server.close();
  }

  #logger(): Logger {
    const at = (level: keyof Logger) => {
      return (message: string, fields: LogFields = {}): void => {
        this.logged.push({ level, message, fields });
      };
    };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}

function isWatch({ query }: Seen): boolean {
  return query.has('watch');
}
