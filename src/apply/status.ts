/** Writes the status of a LeaderPolicy: one patch, which counts only for the policy that it was made from. */
import { isStatus } from '../errors.ts';
import type { Call, KubeClient } from '../kube/client.ts';
import { keyOf } from '../names.ts';
import type { StatusUpdate } from '../plan/types.ts';
import type { Answers } from './apply-writes.ts';
import { objectPath } from './resources.ts';

interface StatusOptions {
  readonly client: Pick<KubeClient, 'call'>;
  readonly answers: Pick<Answers, 'onObject' | 'versionOf'>;
}

/**
 * @returns false where the policy has changed meanwhile: the cache has the newest state then, and the status is to be made again
 * @throws what the client throws; a policy that is gone is no error
 */
export async function writeStatus(
  { client, answers }: StatusOptions,
  update: StatusUpdate,
): Promise<boolean> {
  const { policy, resourceVersion, patch } = update;
  const key = keyOf(policy.namespace, policy.name);
  const known = answers.versionOf('leaderpolicies', key);
  if (known !== undefined && known !== resourceVersion) return false;
  const common = { resource: 'leaderpolicies', path: `${objectPath('leaderpolicies', key)}/status` };
  const call: Call = {
    ...common,
    verb: 'patch',
    contentType: 'application/merge-patch+json',
    body: { metadata: { uid: policy.uid, resourceVersion }, status: patch },
  };
  try {
    answers.onObject('leaderpolicies', await client.call(call));
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return true;
    if (!isStatus(error, 409)) throw error;
    return await refresh({ client, answers }, key);
  }
}

/** Reads a policy that is not what the cache says. */
async function refresh({ client, answers }: StatusOptions, key: string): Promise<boolean> {
  try {
    const path = objectPath('leaderpolicies', key);
    answers.onObject('leaderpolicies', await client.call({ verb: 'get', resource: 'leaderpolicies', path }));
    return false;
  } catch (error) {
    if (isStatus(error, 404)) return true;
    throw error;
  }
}
