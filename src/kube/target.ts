/** What a path of the API names. */
export interface Target {
  readonly namespace?: string;
  readonly name?: string;
}

// The namespace part must be followed by a resource: /api/v1/namespaces/x is the namespace itself.
const PATH =
  /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/[^/]+(?:\/(?<name>[^/]+))?/;

export function targetOf(path: string): Target {
  const groups = PATH.exec(path)?.groups;
  const { namespace, name } = groups ?? {};
  return { ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) };
}

export interface Described {
  readonly verb: string;
  readonly resource: string;
  readonly path: string;
  readonly body?: unknown;
}

/** "list pods in namespace shop", "update endpointslices shop/web", "list pods in all namespaces". */
export function describeCall(call: Described): string {
  const { namespace, name = nameInBody(call.body) } = targetOf(call.path);
  const subject = `${call.verb} ${call.resource}`;
  if (name !== undefined) return `${subject} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  if (namespace !== undefined) return `${subject} in namespace ${namespace}`;
  return call.verb === 'create' ? subject : `${subject} in all namespaces`;
}

/** A create names its object in the body only. */
function nameInBody(body: unknown): string | undefined {
  const name = (body as { metadata?: { name?: unknown } } | undefined)?.metadata?.name;
  return typeof name === 'string' ? name : undefined;
}
