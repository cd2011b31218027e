/** What npm's registry knows of the packages of the bundle: deprecation notices, advisories, newer versions. */
import { basename } from 'node:path';
import type { BundledPackage } from '../bundle/contents.ts';
import { inLanes } from '../testing/lanes.ts';
import { NpmError, npmJson, registryOf, type NpmOptions } from './npm.ts';

export type Package = Pick<BundledPackage, 'name' | 'version' | 'directory'>;

/** A sentence's end: why something could not be found out. */
export interface Unasked {
  readonly unasked: string;
}

export interface Deprecated {
  readonly name: string;
  readonly version: string;
  readonly notice: string;
}

export interface Advisory {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly severity: string;
  /** Of the affected versions. */
  readonly range: string;
  /** Where the affected package is installed: node_modules/… */
  readonly directories: readonly string[];
}

export interface Newer {
  readonly name: string;
  readonly version: string;
  /** The newest that the packages which need it take: `version` where none of them takes a newer one. */
  readonly taken: string;
  readonly newest: string;
}

export interface Answers {
  readonly registry: string;
  readonly deprecated: readonly Deprecated[] | Unasked;
  readonly advisories: readonly Advisory[] | Unasked;
  readonly newer: readonly Newer[] | Unasked;
}

/** npm takes half a second of a CPU for each question. */
const AT_ONCE = 4;
/** Deprecated since 2020. Some mirrors leave out all notices: then a package without one tells nothing. */
const PROBE = { name: 'request', version: '2.88.2' };

export async function ask(packages: readonly Package[], options: NpmOptions): Promise<Answers> {
  const [registry, advisories, newer, deprecated] = await Promise.all([
    registryOf(options),
    answered(() => advisoriesFrom(options)),
    answered(() => newerThan(packages, options)),
    answered(() => deprecatedAmong(packages, options)),
  ]);
  return { registry, advisories, newer, deprecated };
}

async function answered<T>(question: () => Promise<T>): Promise<T | Unasked> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof NpmError) return { unasked: error.message };
    throw error;
  }
}

async function deprecatedAmong(packages: readonly Package[], options: NpmOptions): Promise<Deprecated[]> {
  const [probe, ...noted] = await inLanes(AT_ONCE, [PROBE, ...packages], async ({ name, version }) => ({
    name,
    version,
    notice: await noticeOf(name, version, options),
  }));
  const deprecated = noted.flatMap(({ notice, ...rest }) =>
    notice === undefined ? [] : [{ ...rest, notice }],
  );
  if (deprecated.length === 0 && probe?.notice === undefined)
    throw new NpmError(`no notice comes with ${PROBE.name} ${PROBE.version} either, which is deprecated`);
  return deprecated;
}

/** undefined: none. With a single field, or a single one that is there, npm would print it alone. */
async function noticeOf(name: string, version: string, options: NpmOptions): Promise<string | undefined> {
  const fields = ['name', 'version', 'deprecated'];
  const answer = (await npmJson(['view', `${name}@${version}`, ...fields], options)) as {
    deprecated?: string;
  };
  return answer.deprecated;
}

interface Audit {
  readonly vulnerabilities: Readonly<
    Record<
      string,
      {
        /** An advisory, or the name of another package here that has one. */
        readonly via: readonly (string | Omit<Advisory, 'directories'>)[];
        readonly nodes: readonly string[];
      }
    >
  >;
}

async function advisoriesFrom(options: NpmOptions): Promise<Advisory[]> {
  const { vulnerabilities } = (await npmJson(['audit', '--omit=dev'], options)) as Audit;
  return Object.values(vulnerabilities).flatMap(({ via, nodes }) =>
    via.flatMap((each) => (typeof each === 'string' ? [] : [{ ...each, directories: nodes }])),
  );
}

interface Outdated {
  readonly current?: string;
  /** The newest in the range of the dependent. */
  readonly wanted: string;
  readonly latest: string;
  /** Name of the package that needs it; for the project itself the name of its directory. */
  readonly dependent: string;
}

async function newerThan(packages: readonly Package[], options: NpmOptions): Promise<Newer[]> {
  const outdated = (await npmJson(['outdated', '--all', '--omit=dev'], options)) as Readonly<
    Record<string, Outdated | Outdated[]>
  >;
  return packages.flatMap(({ name, version }) => {
    const known = [outdated[name] ?? []].flat().filter(({ current }) => current === version);
    const [first] = known;
    if (first === undefined) return [];
    // Our own pin can be raised.
    const ranges = known.filter(({ dependent }) => dependent !== basename(options.root));
    const wanted = ranges.map((each) => each.wanted);
    const taken = wanted.includes(version) ? version : (wanted[0] ?? first.latest);
    return [{ name, version, taken, newest: first.latest }];
  });
}
