import Ajv from 'ajv';
import { expect } from 'chai';
import type { Metafile } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { contentsOf, packagesIn } from '../../../scripts/bundle/contents.ts';
import type { BundledPackage, Contents } from '../../../scripts/bundle/contents.ts';
import { isAccepted, licenceTexts, objections } from '../../../scripts/bundle/licences.ts';
import { factsOf, pageOf } from '../../../scripts/bundle/page.ts';
import { productOf } from '../../../scripts/bundle/product.ts';
import { sbomOf } from '../../../scripts/bundle/sbom.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Sbom {
  components: { group?: string; name: string; version: string; 'bom-ref': string; purl: string }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** Against the schema that CycloneDX publishes; formats aside, of which our values have none but the CPE's. */
function schemaErrors(sbom: unknown): string {
  const library = dirname(
    createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json'),
  );
  const schema = (name: string): object =>
    JSON.parse(
      readFileSync(join(library, 'res', 'schema', `${name}.SNAPSHOT.schema.json`), 'utf8'),
    ) as object;
  const ajv = new Ajv.Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(schema('spdx'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json');
  ajv.addSchema(schema('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json');
  const validate = ajv.compile(schema('bom-1.6'));
  return validate(sbom) ? '' : ajv.errorsText(validate.errors);
}

describe('the packages in the bundle', function () {
  this.timeout(30_000);
  let contents: Contents;

  before(async () => {
    contents = await contentsOf(ROOT);
  });

  const named = (name: string): BundledPackage => {
    const found = contents.packages.find((each) => each.name === name);
    if (found === undefined) throw new Error(`Expected ${name} to be in the bundle`);
    return found;
  };
  const namesOf = (directories: readonly string[]): string[] =>
    directories.map((each) => each.replace('node_modules/', ''));

  it('are those of package.json and what these need, none with a part of it only for development', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    for (const [name, version] of Object.entries(dependencies)) {
      expect(named(name).version, name).to.equal(version);
    }
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { dev?: boolean }>;
    };
    for (const { directory } of contents.packages)
      expect(packages[directory]?.dev, directory).to.equal(undefined);
  });

  it('have edges, also through the shims in between', () => {
    expect(namesOf(named('openid-client').imports)).to.deep.equal(['oauth4webapi']);
    expect(namesOf(named('@dot-i/k8s-operator').imports)).to.include('@kubernetes/client-node');
    expect(namesOf(contents.imports)).to.include.members(['undici', 'winston', 'commander']);
    expect(namesOf(contents.imports)).not.to.include('openid-client');
  });

  it('are not those of which nothing is left in the output', () => {
    const inputs = Object.fromEntries(
      ['node_modules/undici/a.js', 'node_modules/winston/b.js'].map((path, bytesInOutput) => [
        path,
        { bytesInOutput },
      ]),
    );
    const outputs = { 'x.js': { inputs } } as unknown as Metafile['outputs'];
    const { packages } = packagesIn({ inputs: {}, outputs }, ROOT);
    expect(packages.map(({ name }) => name)).to.deep.equal(['winston']);
  });

  it('have nothing of proxies, cryptography and HTTP clients that are never used', () => {
    const names = contents.packages.map(({ name }) => name);
    for (const name of ['socks', 'socks-proxy-agent', 'hpagent', 'jose', 'gaxios', 'request', 'ws', 'ajv'])
      expect(names).not.to.include(name);
  });

  it('are not deprecated by what the lockfile says, nor is anything else that is installed to run', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { dev?: boolean; deprecated?: string }>;
    };
    const deprecated = Object.entries(packages).filter(
      ([, { dev, deprecated: why }]) => dev !== true && why !== undefined,
    );
    expect(deprecated).to.deep.equal([]);
  });

  it('have licences that we accept', () => {
    expect(objections(contents.packages)).to.deep.equal([]);
  });

  it('are on docs/bundle.md, and no others', () => {
    expect(factsOf(pageOf(contents))).to.deep.equal(factsOf(read('docs/bundle.md')));
  });

  it('bring the text of their licence', () => {
    const texts = licenceTexts(contents.packages, ROOT);
    for (const { name, version } of contents.packages) expect(texts).to.include(`${name} ${version} (`);
    expect(texts).to.include('Copyright (c) Matteo Collina and Undici contributors');
  });

  describe('as an SBOM', () => {
    const product = productOf(ROOT, { ZEN_LEAD_VERSION: '1.2.3', ZEN_LEAD_COMMIT: 'abc' });
    const sbom = (): Sbom => JSON.parse(sbomOf(contents, product)) as Sbom;

    it('is valid CycloneDX 1.6', () => {
      expect(schemaErrors(sbom())).to.equal('');
      expect(schemaErrors({ ...sbom(), components: [{ name: 'x' }] })).to.include("property 'type'");
    });

    it('lists exactly these packages, and Node.js', () => {
      const listed = sbom().components.map(({ group, name, version }) =>
        [group === undefined ? name : `${group}/${name}`, version].join(' '),
      );
      const expected = contents.packages.map(({ name, version }) => `${name} ${version}`);
      expect(listed).to.have.members([...expected, `node ${product.node}`]);
    });

    it('says who needs whom, and nobody is left alone', () => {
      const { components, dependencies } = sbom();
      const needed = new Set(dependencies.flatMap(({ dependsOn }) => dependsOn ?? []));
      for (const component of components) expect(needed).to.include(component['bom-ref']);
    });

    it('is the same text each time', async () => {
      expect(sbomOf(await contentsOf(ROOT), product)).to.equal(sbomOf(contents, product));
    });

    it('has the hash of the lockfile in hexadecimal', () => {
      const zeros = Buffer.alloc(64);
      const text = sbomOf(
        {
          packages: [{ ...named('undici'), integrity: `sha512-${zeros.toString('base64')}`, imports: [] }],
          imports: [],
        },
        product,
      );
      expect(text).to.include(`"content": "${zeros.toString('hex')}"`);
    });
  });
});

describe('licences', () => {
  for (const [licence, accepted] of [
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND Apache-2.0', true],
    ['(MIT AND GPL-3.0-only)', false],
    ['MIT OR GPL-3.0-only AND ISC', true],
    ['GPL-3.0-only OR MIT AND GPL-2.0-only', false],
    ['MIT AND (ISC OR GPL-3.0-only)', false],
    ['GPL-3.0-only', false],
    ['SEE LICENSE IN LICENSE', false],
    ['', false],
  ] as const) {
    it(`"${licence}" is ${accepted ? 'accepted' : 'refused'}`, () => {
      expect(isAccepted(licence)).to.equal(accepted);
    });
  }

  it('one that is not accepted is told with its package', () => {
    const bad = { name: 'x', version: '1.0.0', licence: 'GPL-3.0-only' } as BundledPackage;
    expect(objections([bad])).to.have.lengthOf(1);
    expect(objections([bad])[0]).to.match(/^x 1\.0\.0: expected one of .*got "GPL-3\.0-only"$/);
  });
});

describe('docs/bundle.md', () => {
  it('must say why of each package, and of no other', () => {
    const other = { name: 'left-pad' } as BundledPackage;
    expect(() => pageOf({ packages: [other], imports: [] })).to.throw('why left-pad is in');
    expect(() => pageOf({ packages: [], imports: [] })).to.throw('to be in the bundle');
  });

  it('is compared without weights, but with versions', () => {
    expect(factsOf('| `a` | 1.0.0 | MIT | 2.0 | x |')).to.deep.equal(
      factsOf('| `a` | 1.0.0 | MIT | 2.1 | x |'),
    );
    expect(factsOf('| `a` | 1.0.0 | MIT | 2.0 | x |')).not.to.deep.equal(
      factsOf('| `a` | 1.0.1 | MIT | 2.0 | x |'),
    );
  });
});

describe('what is built', () => {
  it('has its version and commit from the environment, else from package.json and git', () => {
    expect(productOf(ROOT, { ZEN_LEAD_VERSION: '9.9.9', ZEN_LEAD_COMMIT: 'abc' })).to.include({
      version: '9.9.9',
      commit: 'abc',
    });
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const own = productOf(ROOT, { ZEN_LEAD_VERSION: '', ZEN_LEAD_COMMIT: '' });
    expect(own.version).to.equal(version);
    expect(own.commit).to.match(/^([0-9a-f]{12}(-dirty)?|unknown)$/);
  });

  it('runs on the pinned Node.js', () => {
    expect(`v${productOf(ROOT, {}).node}`).to.match(/^v24\.\d+\.\d+$/);
  });
});
