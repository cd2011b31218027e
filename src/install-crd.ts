/** `--install-crd`: the CustomResourceDefinition of this version, applied at the start. */
import { LEADER_POLICY_CRD } from './api/leader-policy-crd.ts';
import type { Clock } from './clock.ts';
import { ApiError, messageOf, UnreachableError } from './errors.ts';
import type { Call, KubeClient } from './kube/client.ts';
import type { Logger } from './logger.ts';
import { POLICY_API_VERSION } from './names.ts';
import { pause } from './watch/pause.ts';

export interface InstallOptions {
  readonly client: Pick<KubeClient, 'call'>;
  readonly log: Logger;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly signal: AbortSignal;
}

const RESOURCE = 'customresourcedefinitions';
const { name: NAME } = LEADER_POLICY_CRD.metadata;
/** In all; an API server serves a new resource within a second. */
const DEADLINE_MS = 10_000;
const INTERVAL_MS = 200;

/** Forced: a field that kubectl owns, of an older version of the same file, must not keep the new one out. */
const APPLY: Call = {
  verb: 'patch',
  resource: RESOURCE,
  path: `/apis/apiextensions.k8s.io/v1/${RESOURCE}/${NAME}`,
  query: { fieldManager: 'zen-lead', force: true },
  contentType: 'application/apply-patch+yaml',
  body: LEADER_POLICY_CRD,
};
/** Discovery, which every user may read, lists a resource once it is Established and can be asked for. */
const DISCOVER: Call = { verb: 'get', resource: 'leaderpolicies', path: `/apis/${POLICY_API_VERSION}` };

/**
 * Applies the CustomResourceDefinition and waits until it is served. Does not reject: what goes wrong is told once, and the
 * operator does with what is there.
 */
export async function installCrd(options: InstallOptions): Promise<void> {
  const { log, clock, signal } = options;
  const deadline = clock.now() + DEADLINE_MS;
  const attempt = async (call: Call): Promise<unknown> => untilAnswered(options, call, deadline);
  try {
    await attempt(APPLY);
    await attempt(DISCOVER);
    log.info('the CustomResourceDefinition is installed', { name: NAME });
  } catch (error) {
    if (signal.aborted) return;
    log.warn(
      'cannot install the CustomResourceDefinition: apply crds/leaderpolicies.yaml with kubectl, or grant create and patch on it and restart',
      { name: NAME, error: messageOf(error) },
    );
  }
}

/** Asks again after what may pass by itself. Throws the last failure at the deadline. */
async function untilAnswered(
  { client, clock, signal }: InstallOptions,
  call: Call,
  deadline: number,
): Promise<unknown> {
  for (;;) {
    try {
      const timeoutMs = Math.max(1, deadline - clock.now());
      return await client.call({ ...call, signal, timeoutMs });
    } catch (error) {
      if (signal.aborted || clock.now() + INTERVAL_MS > deadline || !mayPass(error)) throw error;
    }
    await pause(INTERVAL_MS, clock, signal);
  }
}

/** No connection, an overloaded API server, or a resource that is not served yet. */
function mayPass(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ApiError && (error.status === 404 || error.status === 429 || error.status >= 500);
}
