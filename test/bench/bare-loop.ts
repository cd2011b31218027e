/**
 * The least that can move a leader, as fast as it can be written in Node.js: one watch of pods, one PUT with the
 * resourceVersion that is known. No second watch, no memory in the slice, no Events, no metrics, and the first error ends it.
 * It is what the operator is measured against, and good for nothing else.
 *
 * node test/bench/bare-loop.ts NAMESPACE PORT FILE, where FILE has server, ca, cert and key as JSON.
 */
import '../../src/v8-flags.ts';
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { LABEL, sliceName } from '../../src/names.ts';

interface RawPod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: { readonly app: string };
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName: string };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly ip: string;
}

interface App {
  readonly name: string;
  readonly ready: Map<string, Pod>;
  leader: string | undefined;
  resourceVersion: string | undefined;
  writing: boolean;
}

const [namespace = '', port = '', access = ''] = process.argv.slice(2);
const SLICES = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const NEWLINE = 0x0a;
const apps = new Map<string, App>();

// As the operator's: src/kube/connections.ts.
const { server, ...tls } = JSON.parse(readFileSync(access, 'utf8')) as Record<
  'server' | 'ca' | 'cert' | 'key',
  string
>;
const common = { allowH2: false, connect: { ...tls, allowH2: false, keepAlive: true } };
const { origin } = new URL(server);
const calls = new Pool(origin, { ...common, connections: 16, keepAliveTimeout: 120_000 });
const streams = new Pool(origin, { ...common, connections: 1, bodyTimeout: 0 });

const headers = { accept: 'application/json', 'content-type': 'application/json' };

async function write(app: App): Promise<void> {
  if (app.writing || (app.leader !== undefined && app.ready.has(app.leader))) return;
  const [pod] = app.ready.values();
  if (pod === undefined && app.leader === undefined) return;
  app.writing = true;
  const method = app.resourceVersion === undefined ? 'POST' : 'PUT';
  const path = method === 'POST' ? SLICES : `${SLICES}/${sliceName(app.name, 'IPv4')}`;
  const body = JSON.stringify(sliceOf(app, pod));
  const answer = await calls.request({ method, path, headers, body });
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${await answer.body.text()}`);
  const written = (await answer.body.json()) as { metadata: { resourceVersion: string } };
  app.resourceVersion = written.metadata.resourceVersion;
  app.leader = pod?.name;
  app.writing = false;
  await write(app);
}

function sliceOf({ name, resourceVersion }: App, pod: Pod | undefined): unknown {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: sliceName(name, 'IPv4'),
      namespace,
      resourceVersion,
      labels: {
        [LABEL.serviceName]: `${name}-leader`,
        [LABEL.sliceManagedBy]: 'bare-loop',
        [LABEL.sourceService]: name,
      },
    },
    addressType: 'IPv4',
    endpoints: pod === undefined ? [] : [endpointOf(pod)],
    ports: pod === undefined ? [] : [{ name: 'http', port: Number(port), protocol: 'TCP' }],
  };
}

function endpointOf({ name, uid, node, ip }: Pod): unknown {
  return {
    addresses: [ip],
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: 'Pod', namespace, name, uid },
    nodeName: node,
  };
}

function take({ metadata, spec, status }: RawPod, deleted: boolean): App {
  const { name, uid, labels, deletionTimestamp } = metadata;
  let app = apps.get(labels.app);
  if (app === undefined) {
    app = {
      name: labels.app,
      ready: new Map(),
      leader: undefined,
      resourceVersion: undefined,
      writing: false,
    };
    apps.set(labels.app, app);
  }
  const condition = status.conditions?.find(({ type }) => type === 'Ready');
  const ready = !deleted && deletionTimestamp === undefined && condition?.status === 'True';
  if (!ready || status.podIP === undefined) app.ready.delete(name);
  else if (!app.ready.has(name)) app.ready.set(name, { name, uid, node: spec.nodeName, ip: status.podIP });
  return app;
}

async function list(): Promise<string> {
  let from = '';
  let resourceVersion = '';
  do {
    const path = `${PODS}?limit=250&continue=${encodeURIComponent(from)}`;
    const { body } = await streams.request({ method: 'GET', path, headers });
    const page = (await body.json()) as {
      metadata: { resourceVersion: string; continue?: string };
      items: RawPod[];
    };
    for (const pod of page.items) take(pod, false);
    if (resourceVersion === '') ({ resourceVersion } = page.metadata);
    from = page.metadata.continue ?? '';
  } while (from !== '');
  return resourceVersion;
}

async function watch(resourceVersion: string): Promise<void> {
  const path = `${PODS}?watch=true&timeoutSeconds=86400&resourceVersion=${resourceVersion}`;
  const { body } = await streams.request({ method: 'GET', path, headers });
  let pending: Buffer = Buffer.alloc(0);
  for await (const bytes of body as AsyncIterable<Buffer>) {
    const chunk = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const event = JSON.parse(chunk.toString('utf8', start, end)) as { type: string; object: RawPod };
      start = end + 1;
      if (event.type === 'ERROR') throw new Error(JSON.stringify(event.object));
      void write(take(event.object, event.type === 'DELETED'));
    }
    pending = chunk.subarray(start);
  }
  throw new Error('the watch of pods ended');
}

process.on('SIGTERM', () => process.exit(0));
const start = await list();
await Promise.all(Array.from(apps.values(), write));
await watch(start);
