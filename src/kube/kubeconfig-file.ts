import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';
import { loadYaml } from '@kubernetes/client-node';
import { ZenLeadError, messageOf } from '../errors.ts';

/** The part of a kubeconfig file that is checked before KubeConfig reads it. */
export interface RawKubeconfig {
  readonly 'current-context'?: string;
  readonly clusters: readonly RawCluster[];
  readonly users: readonly RawUser[];
  readonly contexts: readonly RawContext[];
}

export interface RawCluster {
  readonly name: string;
  readonly cluster?: {
    readonly server?: string;
    readonly 'certificate-authority'?: string;
    readonly 'proxy-url'?: string;
  };
}

export interface RawUser {
  readonly name: string;
  readonly user?: {
    readonly 'client-certificate'?: string;
    readonly 'client-certificate-data'?: string;
    readonly 'client-key'?: string;
    readonly tokenFile?: string;
    readonly exec?: { readonly command?: string };
  };
}

export interface RawContext {
  readonly name: string;
  readonly context?: { readonly cluster?: string; readonly user?: string; readonly namespace?: string };
}

const FILE_FIELDS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/**
 * Several kubeconfig files as one, by kubectl's rules: what is named first wins, files that do not exist are
 * skipped, relative paths are relative to the file that holds them.
 */
export function readKubeconfigs(files: readonly string[]): { raw: RawKubeconfig; origin: string } {
  const present = files.filter((file) => existsSync(file));
  if (present.length === 0) {
    throw new ZenLeadError(
      'InvalidKubeconfig',
      `the kubeconfig ${files.join(', ')} does not exist; KUBECONFIG takes a file, or several separated by "${delimiter}"`,
    );
  }
  return { raw: present.map(readKubeconfig).reduce(merge), origin: present.join(', ') };
}

function readKubeconfig(file: string): RawKubeconfig {
  const parsed = parse(file);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ZenLeadError('InvalidKubeconfig', `${file} is not a kubeconfig: it must be a YAML mapping`);
  }
  const raw = parsed as Record<string, unknown>;
  const directory = dirname(file);
  const current = raw['current-context'];
  return {
    ...(typeof current === 'string' && current !== '' && { 'current-context': current }),
    clusters: entries<RawCluster>(raw['clusters'], 'cluster', directory),
    users: entries<RawUser>(raw['users'], 'user', directory),
    contexts: entries<RawContext>(raw['contexts'], 'context', directory),
  };
}

function parse(file: string): unknown {
  try {
    return loadYaml(readFileSync(file, 'utf8'));
  } catch (cause) {
    // The message of a YAML error quotes the lines around it, which may be a token.
    const [firstLine] = messageOf(cause).split('\n');
    throw new ZenLeadError('InvalidKubeconfig', `cannot read the kubeconfig ${file}: ${firstLine ?? ''}`);
  }
}

/** The entries that have a name. */

function entries<T>(list: unknown, key: string, directory: string): T[] {
  if (!Array.isArray(list)) return [];
  const named = (list as (Record<string, unknown> | null)[]).filter(
    (entry) => typeof entry?.['name'] === 'string',
  );
  return named.map((entry) => ({ ...entry, [key]: withAbsolutePaths(entry?.[key], directory) })) as T[];
}

function withAbsolutePaths(value: unknown, directory: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = { ...(value as Record<string, unknown>) };
  for (const field of FILE_FIELDS) {
    const path = fields[field];
    if (typeof path === 'string' && path !== '' && !isAbsolute(path)) fields[field] = join(directory, path);
  }
  const exec = fields['exec'] as { command?: unknown } | null | undefined;
  const command = exec?.command;
  // A bare command is looked up in PATH.
  if (typeof command === 'string' && command.includes(sep) && !isAbsolute(command)) {
    fields['exec'] = { ...exec, command: join(directory, command) };
  }
  return fields;
}

/** Names are looked up from the front. */
function merge(first: RawKubeconfig, second: RawKubeconfig): RawKubeconfig {
  const current = first['current-context'] ?? second['current-context'];
  return {
    ...(current !== undefined && { 'current-context': current }),
    clusters: [...first.clusters, ...second.clusters],
    users: [...first.users, ...second.users],
    contexts: [...first.contexts, ...second.contexts],
  };
}
