import { expect } from 'chai';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '../../cluster/fixtures/fake-tool.ts';
import { ensureJob, keyOf, recipeJob } from '../../node/images/images.ts';
import { operatorInputs } from '../../node/images/operator.ts';
import { RECIPES } from '../../node/images/recipes.ts';
import { rootfsArguments } from '../../node/images/rootfs.ts';
import type { ImageJob } from '../../node/images/images.ts';
import type { Recipe } from '../../node/images/recipes.ts';

describe('the images of a node', () => {
  let root: string;
  let made: string[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'zen-lead-images-'));
    made = [];
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function job(key: string): ImageJob {
    const make = (output: string): Promise<void> => {
      made.push(key);
      writeFileSync(output, `content of ${key}`);
      return Promise.resolve();
    };
    return { title: 'db', key: keyOf(key), make };
  }
  const ensure = (key: string): Promise<string> => ensureJob(job(key), silent, root);
  const archives = (): string[] => readdirSync(root).filter((name) => name.endsWith('.tar'));
  const age = (file: string): void => {
    utimesSync(`${file}.stamp.json`, 0, 0);
  };

  it('are made once for what they are made from', async () => {
    const file = await ensure('one');
    expect(await ensure('one')).to.equal(file);
    expect(made).to.deep.equal(['one']);
    expect(readFileSync(file, 'utf8')).to.equal('content of one');
  });

  it('are made once by several at a time', async () => {
    await Promise.all([ensure('one'), ensure('one'), ensure('one')]);
    expect(made).to.deep.equal(['one']);
  });

  it('are made again where the archive is cut', async () => {
    writeFileSync(await ensure('one'), 'cut');
    await ensure('one');
    expect(made).to.have.length(2);
  });

  it('stay beside those of other inputs that somebody has asked for lately', async () => {
    const [one, two] = [await ensure('one'), await ensure('two')];
    expect([one, two].map((file) => existsSync(file))).to.deep.equal([true, true]);
  });

  it('go when others have taken their place for long, with what killed makers have left', async () => {
    const one = await ensure('one');
    age(one);
    mkdirSync(join(root, 'db.partial-killed'));
    const two = await ensure('two');
    expect(archives().map((name) => join(root, name))).to.deep.equal([two]);
    expect(readdirSync(root)).to.not.include('db.partial-killed');
  });

  it('stay as long as they are asked for', async () => {
    const one = await ensure('one');
    age(one);
    await ensure('one');
    await ensure('two');
    expect(existsSync(one)).to.equal(true);
  });

  it('leave nothing behind where making one fails', async () => {
    const failing = { ...job('one'), make: () => Promise.reject(new Error('no mirror')) };
    const error = await ensureJob(failing, silent, root).catch((e: unknown) => e);
    expect(String(error)).to.include('no mirror');
    expect(readdirSync(root)).to.deep.equal([]);
    await ensure('one');
  });

  describe('a recipe', () => {
    const recipe: Recipe = { ...RECIPES.postgres };

    it('is another archive with anything else in it', () => {
      const key = (changes: Partial<Recipe>): string => recipeJob('db', { ...recipe, ...changes }).key;
      const keys = [
        key({}),
        key({ packages: ['postgresql-16'] }),
        key({ commands: [] }),
        key({ scripts: {} }),
        key({ config: {} }),
        key({ name: 'localhost/db:2' }),
      ];
      expect(new Set(keys)).to.have.property('size', keys.length);
      expect(key({})).to.match(/^[0-9a-f]{12}$/);
    });

    it('runs its commands in the root file system, quotes and all', () => {
      const hook = rootfsArguments({ ...recipe, commands: [`echo 'a b'`] }, '/out.tar').find((argument) =>
        argument.includes('a b'),
      );
      expect(hook).to.equal(`--customize-hook=chroot "$1" sh -ec 'echo '\\''a b'\\'''`);
    });

    for (const [title, { name }] of Object.entries(RECIPES)) {
      it(`${title} has a name that no registry answers for, and a tag, so that nothing is pulled`, () => {
        expect(name).to.match(/^localhost\/[a-z]+:[0-9.]+$/);
      });
    }
  });

  it('the operator’s own is another one with any other source', async () => {
    const sources = ['Dockerfile', 'LICENSE', '.npmrc', 'package-lock.json'];
    const scripts = ['build.ts', 'licences.ts', 'sbom.ts', 'image.ts', 'bundle/a.ts', 'image/a.ts'];
    for (const directory of ['src', 'scripts/bundle', 'scripts/image'])
      mkdirSync(join(root, directory), { recursive: true });
    writeFileSync(join(root, 'package.json'), '{"version":"1.2.3"}');
    for (const file of [...sources, 'src/main.ts', ...scripts.map((name) => `scripts/${name}`)])
      writeFileSync(join(root, file), '');
    const before = await operatorInputs(root);
    expect(before.version).to.equal('1.2.3');
    expect(await operatorInputs(root)).to.deep.equal(before);
    writeFileSync(join(root, 'package.json'), '{"version":"1.2.3","scripts":{"test":"mocha"}}');
    expect(await operatorInputs(root)).to.deep.equal(before);
    writeFileSync(join(root, 'package.json'), '{"version":"1.2.4"}');
    const later = await operatorInputs(root);
    expect(later.hash).to.not.equal(before.hash);
    writeFileSync(join(root, 'src/main.ts'), 'changed');
    expect((await operatorInputs(root)).hash).to.not.equal(later.hash);
  });
});
