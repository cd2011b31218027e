import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where everything of ours that outlives a checkout is kept, per user: $XDG_CACHE_HOME or ~/.cache. */
export function cacheRoot(): string {
  const xdg = process.env['XDG_CACHE_HOME'];
  // The XDG specification says to ignore a relative path.
  return join(xdg?.startsWith('/') === true ? xdg : join(homedir(), '.cache'), 'zen-lead');
}

/** The built binaries, one directory per family and version. */
export function toolsRoot(): string {
  return join(cacheRoot(), 'tools');
}

/** The state of running clusters, one directory each. */
export function clustersRoot(): string {
  return join(cacheRoot(), 'clusters');
}

/** The state of running nodes (test/node), one directory each. */
export function nodesRoot(): string {
  return join(cacheRoot(), 'nodes');
}

/** Container images that the tests have made, one file each. */
export function imagesRoot(): string {
  return join(cacheRoot(), 'images');
}
