import { parseAllDocuments } from 'yaml';
import { waitFor } from '../../cluster/wait.ts';
import { sample } from './manifests.ts';
import { LEADER, SOURCE, type Stage } from './stage.ts';

interface Owned {
  readonly metadata: { readonly uid: string; readonly ownerReferences?: readonly { readonly uid: string }[] };
}

/**
 * The source Service of the sample, made again with an address of its own: kube-proxy looks at its slices then. Resolves when the
 * leader Service is the new one's, and answers.
 */
export async function giveAddress(stage: Stage, file: string): Promise<void> {
  await stage.kubectl(['delete', 'service', SOURCE]);
  await stage.kubectl(['create', '--filename', '-'], JSON.stringify(withAddress(file)));
  const get = async (name: string): Promise<Owned | undefined> => {
    const path = `/api/v1/namespaces/${stage.namespace}/services/${name}`;
    const { status, body } = await stage.node.api.request('GET', path);
    return status === 200 ? (body as Owned) : undefined;
  };
  const source = await get(SOURCE);
  await waitFor('the leader Service of the new source', async () => {
    const owners = (await get(LEADER))?.metadata.ownerReferences ?? [];
    return owners.some(({ uid }) => uid === source?.metadata.uid);
  });
  await stage.connect();
}

interface ServiceBody {
  readonly kind: string;
  readonly spec: { readonly clusterIP?: string };
}

function withAddress(file: string): object {
  const objects = parseAllDocuments(sample(file)).map((each) => each.toJS() as ServiceBody);
  const service = objects.find(({ kind }) => kind === 'Service');
  if (service?.spec.clusterIP !== 'None') throw new Error(`Expected ${file} to have a headless Service`);
  const { clusterIP: _, ...spec } = service.spec;
  return { ...service, spec };
}
