/** The metrics and probe servers. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Logger } from '../logger.ts';
import { formatBindAddress } from './bind-address.ts';
import type { BindAddress } from './bind-address.ts';
import { renderChecks } from './checks.ts';
import type { Check } from './checks.ts';
import type { Metrics } from './metrics.ts';

export type { Check } from './checks.ts';

export interface ServerAddresses {
  readonly metricsBindAddress: BindAddress | 'off';
  readonly healthProbeBindAddress: BindAddress | 'off';
}

export interface Probes {
  /** Is a restart the cure? */
  health(): readonly Check[];
  /** Does it do its work? */
  ready(): readonly Check[];
}

export interface Servers {
  /** Where they listen, with the port that was bound. */
  readonly metrics: BindAddress | 'off';
  readonly probes: BindAddress | 'off';
  /** Ends all connections; resolves within half a second. */
  close(): Promise<void>;
}

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => Promise<void> | void;
type Routes = Readonly<Record<string, Handler>>;

/** For an answer that is being written when close() is called. */
const CLOSE_GRACE_MS = 500;
/** A client has so long for its request. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Starts a server for each address that is not off; where both are the same, one serves all paths.
 * @throws Error that names address and flag when an address cannot be had; then nothing listens
 */
export async function startServers(
  { metricsBindAddress, healthProbeBindAddress }: ServerAddresses,
  metrics: Pick<Metrics, 'render' | 'contentType'>,
  probes: Probes,
  log: Logger,
): Promise<Servers> {
  const metricsRoutes: Routes = { '/metrics': metricsHandler(metrics) };
  const probeRoutes: Routes = {
    '/healthz': checksHandler('healthz', () => probes.health()),
    '/readyz': checksHandler('readyz', () => probes.ready()),
  };
  if (sameAddress(metricsBindAddress, healthProbeBindAddress)) {
    const both = await listen(
      metricsBindAddress,
      '--metrics-bind-address',
      { ...metricsRoutes, ...probeRoutes },
      log,
    );
    return { metrics: both.address, probes: both.address, close: both.close };
  }
  const first = await listen(metricsBindAddress, '--metrics-bind-address', metricsRoutes, log);
  try {
    const second = await listen(healthProbeBindAddress, '--health-probe-bind-address', probeRoutes, log);
    const close = async (): Promise<void> => {
      await Promise.all([first.close(), second.close()]);
    };
    return { metrics: first.address, probes: second.address, close };
  } catch (error) {
    await first.close();
    throw error;
  }
}

interface Listener {
  readonly address: BindAddress | 'off';
  readonly close: () => Promise<void>;
}

async function listen(
  wanted: BindAddress | 'off',
  flag: string,
  routes: Routes,
  log: Logger,
): Promise<Listener> {
  if (wanted === 'off') return { address: 'off', close: () => Promise.resolve() };
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void serve(routes, request, response, log);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Error(`cannot listen on ${formatBindAddress(wanted)} (${flag})`, { cause }));
    });
    server.listen({ ...wanted }, resolve);
  });
  server.on('error', (error) => {
    log.error('server failed', { flag, error });
  });
  const address = { ...wanted, port: boundPort(server) };
  log.info('listening', { address: formatBindAddress(address), paths: Object.keys(routes) });
  return { address, close: () => close(server) };
}

function boundPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a server on a TCP port');
  return address.port;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}

async function serve(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
  log: Logger,
): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const handler = routes[path];
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (handler === undefined) {
    answer(response, 404, `not found; here are ${Object.keys(routes).join(', ')}\n`);
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    answer(response.setHeader('Allow', 'GET, HEAD'), 405, 'expected GET or HEAD\n');
  } else {
    try {
      await handler(request, response, new URLSearchParams(query));
    } catch (error) {
      if (isGoneClient(error)) return;
      log.error('request failed', { path, error });
      // What has begun was cut off by the pipeline.
      if (!response.headersSent) answer(response, 500, 'internal error\n');
    }
  }
}

function metricsHandler(metrics: Pick<Metrics, 'render' | 'contentType'>): Handler {
  return async (request, response) => {
    response.setHeader('Content-Type', metrics.contentType);
    if (request.method === 'HEAD') response.end();
    else await pipeline(metrics.render(), response);
  };
}

function checksHandler(endpoint: string, checks: () => readonly Check[]): Handler {
  return (_request, response, query) => {
    const { ok, text } = renderChecks(endpoint, checks(), query.has('verbose'));
    answer(response, ok ? 200 : 503, text);
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(text);
}

/** The client ended the connection before the answer was through. */
function isGoneClient(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function sameAddress(a: BindAddress | 'off', b: BindAddress | 'off'): boolean {
  return a !== 'off' && b !== 'off' && a.host === b.host && a.port === b.port;
}
