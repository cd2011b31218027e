import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answers, Package } from '../../../scripts/audit/ask.ts';
import { ask } from '../../../scripts/audit/ask.ts';
import type { Verdict } from '../../../scripts/audit/verdict.ts';
import { verdictOf } from '../../../scripts/audit/verdict.ts';
import { ScriptedServer } from '../support/scripted-server.ts';

interface Registry {
  /** Notices by name and version. */
  readonly deprecated?: Readonly<Record<string, string>>;
  /** Names of packages of which every version below 2 has one; undefined: it cannot be asked. */
  readonly advisories?: readonly string[];
}

const PROBE = { 'request@2.88.2': 'use another one' };
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  inside: ['1.0.0', '1.0.1', '2.0.0'],
  outside: ['1.0.0'],
  request: ['2.88.2'],
};
const BULK = '/-/npm/v1/security/advisories/bulk';
const INSTALLED = { inside: '1.0.0', outside: '1.0.0' };
/** The bundle has nothing of `outside`, though it is installed. */
const BUNDLED: readonly Package[] = [{ name: 'inside', version: '1.0.0', directory: 'node_modules/inside' }];

describe('make audit', function () {
  this.timeout(30_000);
  let root: string;
  let server: ScriptedServer;

  before(async () => {
    root = project();
    server = await ScriptedServer.start();
  });

  after(async () => {
    rmSync(root, { recursive: true });
    await server.close();
  });

  async function audit({ deprecated = PROBE, advisories }: Registry): Promise<Verdict> {
    server.handler = ({ path, method }, response) => {
      const name = decodeURIComponent(path.slice(1));
      response.setHeader('content-type', 'application/json');
      if (path === BULK && advisories !== undefined)
        response.end(JSON.stringify(Object.fromEntries(advisories.map((each) => [each, [advisory(each)]]))));
      else if (method === 'GET' && name in VERSIONS)
        response.end(JSON.stringify(packument(name, server.url, deprecated)));
      else response.writeHead(method === 'GET' ? 404 : 405).end();
    };
    const env = {
      PATH: process.env['PATH'],
      HOME: root,
      npm_config_registry: server.url,
      npm_config_cache: join(root, 'cache'),
      npm_config_userconfig: join(root, 'npmrc'),
      npm_config_fetch_retries: '0',
    };
    // What npm has fetched for another case is not that of this one.
    rmSync(env.npm_config_cache, { recursive: true, force: true });
    return verdictOf(BUNDLED, await ask(BUNDLED, { root, env }));
  }

  it('is clean, and names the newer version', async () => {
    expect(await audit({ advisories: [] })).to.deep.equal({
      status: 0,
      lines: [
        `1 packages of the bundle, by ${server.url}`,
        'deprecated: none',
        'advisories: none',
        'newer: inside 1.0.0, newest 2.0.0',
      ],
    });
  });

  it('finds a package that is deprecated, and an advisory of one in the bundle', async () => {
    const deprecated = { ...PROBE, 'inside@1.0.0': 'gone' };
    const { lines, status } = await audit({ deprecated, advisories: ['inside', 'outside'] });
    expect(status).to.equal(1);
    expect(lines.slice(1, -1)).to.deep.equal([
      'deprecated: inside 1.0.0: gone',
      'advisory: inside <2.0.0, high: inside is broken, https://advisories.example/inside',
      'advisory, but not in the bundle: outside <2.0.0, high: outside is broken, https://advisories.example/outside',
    ]);
  });

  it('tells of an advisory of a package that is not in the bundle, and is content', async () => {
    const { lines, status } = await audit({ advisories: ['outside'] });
    expect(status).to.equal(0);
    expect(lines.slice(2, -1)).to.deep.equal([
      'advisories: none',
      'advisory, but not in the bundle: outside <2.0.0, high: outside is broken, https://advisories.example/outside',
    ]);
  });

  it('says what could not be asked, why, and of whom; takes no word for it where all notices are left out', async () => {
    const { lines, status } = await audit({ deprecated: {} });
    expect(status).to.equal(3);
    expect(lines.slice(1, -1)).to.deep.equal([
      `deprecation notices: could not be asked of ${server.url}: no notice comes with request 2.88.2 either, which is deprecated`,
      `advisories: could not be asked of ${server.url}: 405 Method Not Allowed - POST ${server.url}${BULK}`,
    ]);
  });

  const answers: Answers = { registry: 'R', deprecated: [], advisories: [], newer: [] };
  const gone = [{ name: 'inside', version: '1.0.0', notice: 'gone' }];
  const broken = { name: 'inside', title: 'T', url: 'U', severity: 'low', range: '<2' };
  const inside = [{ ...broken, directories: ['node_modules/x/node_modules/inside', 'node_modules/inside'] }];
  const elsewhere = [{ ...broken, directories: ['node_modules/x/node_modules/inside'] }];
  const unasked = { unasked: 'why' };
  const newer = [{ name: 'inside', version: '1.0.0', taken: '1.0.1', newest: '2.0.0' }];
  for (const [what, part, expected] of [
    ['nothing', {}, 0],
    ['a deprecated package', { deprecated: gone }, 1],
    ['an advisory', { advisories: inside }, 1],
    ['an advisory of another copy of the package', { advisories: elsewhere }, 0],
    ['notices not to be had', { deprecated: unasked }, 3],
    ['advisories not to be had', { advisories: unasked }, 3],
    ['an advisory, notices not to be had', { deprecated: unasked, advisories: inside }, 1],
    ['a deprecated package, advisories not to be had', { deprecated: gone, advisories: unasked }, 1],
    ['a newer version', { newer }, 0],
    ['newer versions not to be had', { newer: unasked }, 0],
  ] as const) {
    it(`${what}: exit status ${expected}`, () => {
      expect(verdictOf(BUNDLED, { ...answers, ...part }).status).to.equal(expected);
    });
  }

  it('says which newer version a fix could come with', () => {
    const said = (taken: string): string | undefined =>
      verdictOf(BUNDLED, { ...answers, newer: [{ ...newer[0]!, taken }] }).lines.at(-1);
    expect(said('2.0.0')).to.equal('newer: inside 1.0.0, newest 2.0.0');
    expect(said('1.0.1')).to.equal(
      'newer: inside 1.0.0, newest 2.0.0, of which those who need it take 1.0.1',
    );
    expect(said('1.0.0')).to.equal(
      'newer: inside 1.0.0, newest 2.0.0, of which those who need it take none newer',
    );
  });
});

/** With its packages installed, as far as npm looks at them. */
function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'zen-lead-audit-'));
  const write = (path: string, content: object): void => {
    writeFileSync(join(root, path), JSON.stringify(content));
  };
  const self = { name: 'project', version: '1.0.0', dependencies: INSTALLED };
  const installed = Object.entries(INSTALLED).map(([name, version]) => [`node_modules/${name}`, { version }]);
  const packages = { '': self, ...(Object.fromEntries(installed) as object) };
  write('package.json', self);
  write('package-lock.json', { name: 'project', lockfileVersion: 3, requires: true, packages });
  for (const [name, version] of Object.entries(INSTALLED)) {
    mkdirSync(join(root, 'node_modules', name), { recursive: true });
    write(`node_modules/${name}/package.json`, { name, version });
  }
  return root;
}

function advisory(name: string): object {
  const vulnerable = { vulnerable_versions: '<2.0.0', severity: 'high' };
  return { id: 1, url: `https://advisories.example/${name}`, title: `${name} is broken`, ...vulnerable };
}

/** What a registry says of a package: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function packument(name: string, registry: string, deprecated: Readonly<Record<string, string>>): object {
  const versions = (VERSIONS[name] ?? []).map((version) => {
    const notice = deprecated[`${name}@${version}`];
    const dist = { tarball: `${registry}/${name}/-/${name}-${version}.tgz` };
    return [
      version,
      { name, version, dist, ...(notice === undefined ? {} : { deprecated: notice }) },
    ] as const;
  });
  const latest = versions.at(-1)?.[0];
  return { name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) };
}
