/** What a YAML block of a page is, and how it is tried. Pure. */
import { parseAllDocuments, stringify } from 'yaml';

export type Yaml =
  /** For `kubectl apply`. */
  | { readonly kind: 'manifest'; readonly text: string; readonly namespaces: readonly string[] }
  /** For `helm template --values`. */
  | { readonly kind: 'values'; readonly text: string }
  /** Annotations or labels alone: their names are checked elsewhere. */
  | { readonly kind: 'metadata' }
  | { readonly kind: 'unknown'; readonly problem: string };

type Document = Record<string, unknown>;

/** @param values the chart's values at the top */
export function yamlOf(text: string, values: readonly string[]): Yaml {
  const parsed = parseAllDocuments(text);
  const error = parsed.flatMap((document) => document.errors)[0];
  if (error !== undefined) return { kind: 'unknown', problem: error.message };
  const documents = parsed.map((document) => document.toJS() as unknown).filter((each) => each !== null);
  if (!documents.every(isObject) || documents.length === 0) return { kind: 'unknown', problem: 'no object' };
  const keys = documents.flatMap((each) => Object.keys(each));
  const only = (...allowed: string[]): boolean => keys.every((key) => allowed.includes(key));
  if (documents.every((each) => 'apiVersion' in each && 'kind' in each)) return manifest(documents, text);
  if (only('metadata')) return { kind: 'metadata' };
  if (only(...values)) return { kind: 'values', text };
  const [{ spec } = {}] = documents;
  if (only('metadata', 'spec') && isObject(spec) && 'serviceRef' in spec) return policies(documents);
  return { kind: 'unknown', problem: `neither manifests nor values of the chart: ${keys.join(', ')}` };
}

/** Policies without their first lines. */
function policies(documents: readonly Document[]): Yaml {
  const whole = documents.map((each) => ({
    apiVersion: 'zen-lead.io/v1alpha1',
    kind: 'LeaderPolicy',
    metadata: { name: 'of-this-page' },
    ...each,
  }));
  return manifest(whole, whole.map((each) => stringify(each)).join('---\n'));
}

function manifest(documents: readonly Document[], text: string): Yaml {
  const namespaces = documents.flatMap(({ metadata }) =>
    isObject(metadata) && typeof metadata['namespace'] === 'string' ? [metadata['namespace']] : [],
  );
  return { kind: 'manifest', text, namespaces };
}

function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A first line `# policy.yaml` gives the name under which the commands of the page know the block. */
export function fileNameOf(lines: readonly string[]): string | undefined {
  return /^# ([\w-]+\.yaml)$/.exec(lines[0] ?? '')?.[1];
}
