/** The CustomResourceDefinition of LeaderPolicy: installed where it is absent, and only taken back where the demo has installed it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LEADER_POLICY_CRD } from '../../src/api/leader-policy-crd.ts';
import { ApiError, isStatus } from '../../src/errors.ts';
import type { Call, KubeClient } from '../../src/kube/client.ts';
import { POLICY_API_VERSION } from '../../src/names.ts';
import type { Kubectl } from './kubectl.ts';
import { DemoError } from './terminal.ts';
import type { command, say } from './terminal.ts';

const MANIFEST = 'crds/leaderpolicies.yaml';
const { name: NAME } = LEADER_POLICY_CRD.metadata;
const DEFINITIONS = {
  resource: 'customresourcedefinitions',
  path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
};
const SERVED_MS = 10_000;

export interface CrdOptions {
  readonly client: Pick<KubeClient, 'call'>;
  readonly kubectl: Pick<Kubectl, 'line'>;
  /** Where the demo plays. */
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** Where it is told. */
  readonly terminal: { readonly say: typeof say; readonly command: typeof command };
}

/** Whether LeaderPolicies can be shown, and how that is taken back. */
export interface Crd {
  readonly served: boolean;
  readonly close: () => Promise<void>;
}

/** Changes nothing where the CustomResourceDefinition is there already, and says what it did. */
export async function provideCrd(options: CrdOptions): Promise<Crd> {
  const { say } = options.terminal;
  const made = (await isServed(options)) ? 'there' : await create(options);
  if (made === 'refused') {
    say(`${NAME} is not installed, and you may not install it: LeaderPolicies are not shown.`);
    return { served: false, close: nothing };
  }
  if (made === 'there') {
    say(`${NAME} is installed already: it is used, and stays as it is.`);
    await untilServed(options);
    return { served: true, close: nothing };
  }
  const close = async (): Promise<void> => remove(options, made.uid);
  try {
    await untilServed(options);
  } catch (error) {
    await close();
    throw error;
  }
  return { served: true, close };
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

/** There: somebody has created it a moment ago. */
async function create({
  client,
  kubectl,
  terminal,
}: CrdOptions): Promise<{ uid: string } | 'there' | 'refused'> {
  try {
    const { metadata } = await client.call<{ metadata: { uid: string } }>({
      ...DEFINITIONS,
      verb: 'create',
      body: LEADER_POLICY_CRD,
    });
    terminal.command(
      kubectl.line(['create', '-f', MANIFEST]),
      `customresourcedefinition.apiextensions.k8s.io/${NAME} created`,
    );
    return metadata;
  } catch (error) {
    if (isStatus(error, 403)) return 'refused';
    if (isStatus(error, 409)) return 'there';
    throw error;
  }
}

async function untilServed(options: CrdOptions): Promise<void> {
  const deadline = performance.now() + SERVED_MS;
  while (!(await isServed(options))) {
    if (performance.now() > deadline) {
      throw new DemoError(
        `Expected to be able to list LeaderPolicies within ${String(SERVED_MS / 1000)} s; kubectl get leaderpolicies tells why not.`,
      );
    }
    await sleep(50, undefined, { signal: options.signal });
  }
}

/** 404: it is not known; 429: it is, and its storage is not there yet; 403: no right to look. */
async function isServed({ client, namespace }: CrdOptions): Promise<boolean> {
  try {
    await client.call(policiesIn(`namespaces/${namespace}/leaderpolicies`));
    return true;
  } catch (error) {
    if (error instanceof ApiError && [403, 404, 429].includes(error.status)) return false;
    throw error;
  }
}

/** With it would go all LeaderPolicies of the cluster: those of somebody who has begun to use it meanwhile keep it. */
async function remove({ client, namespace, terminal: { say } }: CrdOptions, uid: string): Promise<void> {
  const { items } = await client.call<{ items: { metadata: { namespace: string } }[] }>(
    policiesIn('leaderpolicies'),
  );
  if (items.some(({ metadata }) => metadata.namespace !== namespace)) {
    say(`${NAME} stays: there are LeaderPolicies in other namespaces.`);
    return;
  }
  say(`Deleting ${NAME}, which was installed for this demo ...`);
  try {
    const path = `${DEFINITIONS.path}/${NAME}`;
    await client.call({ ...DEFINITIONS, path, verb: 'delete', body: { preconditions: { uid } } });
  } catch (error) {
    if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
  }
}

function policiesIn(what: string): Call {
  return { verb: 'list', resource: 'leaderpolicies', path: `/apis/${POLICY_API_VERSION}/${what}` };
}
