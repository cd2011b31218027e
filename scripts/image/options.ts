/** What `make image` is told, by variables, and what it tells the engine. */
export interface ImageOptions {
  /** The engine and its global options: docker, or podman --runtime runc. */
  readonly engine: readonly string[];
  /** Name without tag. */
  readonly image: string;
  /** Bases of the final and of the build stage, in place of the Dockerfile's; 'debian': made here. */
  readonly base: string | undefined;
  readonly buildBase: string | undefined;
  /** Address of the repository. */
  readonly source: string;
}

/** Built on this machine from Debian packages, where no registry can be reached. */
export const DEBIAN = 'debian';

/** @throws Error where only one of the two bases is to be made from Debian packages */
export function imageOptions(env: NodeJS.ProcessEnv, origin: string): ImageOptions {
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const base = given('BASE');
  const buildBase = given('BUILD_BASE') ?? (base === DEBIAN ? DEBIAN : undefined);
  if ((base === DEBIAN) !== (buildBase === DEBIAN)) {
    throw new Error(
      `BASE=${base ?? ''} with BUILD_BASE=${buildBase ?? ''}: expected "debian" for both or none`,
    );
  }
  return {
    engine: (given('ENGINE') ?? 'docker').split(/\s+/),
    image: given('IMAGE') ?? 'zen-lead',
    base,
    buildBase,
    source: given('SOURCE') ?? publicAddress(origin),
  };
}

/** After the engine's own options; the directory is the project's. An image is tagged by its version. */
export function buildArguments(
  { image, base, buildBase, source }: Omit<ImageOptions, 'engine'>,
  { version, commit }: { readonly version: string; readonly commit: string },
): readonly string[] {
  const variables = {
    VERSION: version,
    REVISION: commit,
    SOURCE: source,
    ...(base !== undefined && { BASE: base }),
    ...(buildBase !== undefined && { BUILD_BASE: buildBase }),
  };
  const pairs = Object.entries(variables).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  return ['build', '--tag', `${image}:${tagOf(version)}`, ...pairs, '.'];
}

/** A tag may hold no "+", which a version may. */
export function tagOf(version: string): string {
  return version.replaceAll('+', '_');
}

/** https://… of a remote of git, without a user or password in it; '' for what is none. */
function publicAddress(origin: string): string {
  const ssh = /^(?:ssh:\/\/)?git@([^:/]+)[:/](.+)$/.exec(origin);
  if (ssh !== null) return `https://${ssh[1] ?? ''}/${ssh[2] ?? ''}`.replace(/\.git$/, '');
  if (!URL.canParse(origin)) return '';
  const { protocol, host, pathname } = new URL(origin);
  return protocol === 'https:' ? `https://${host}${pathname}`.replace(/\.git$/, '') : '';
}
