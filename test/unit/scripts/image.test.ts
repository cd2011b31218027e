import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildArguments, imageOptions, tagOf } from '../../../scripts/image/options.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the options of make image', () => {
  it('are docker, the name zen-lead and the bases of the Dockerfile unless told otherwise', () => {
    const defaults = {
      engine: ['docker'],
      image: 'zen-lead',
      base: undefined,
      buildBase: undefined,
      source: '',
    };
    expect(imageOptions({}, '')).to.deep.equal(defaults);
    expect(imageOptions({ ENGINE: '', IMAGE: '', BASE: '', BUILD_BASE: '', SOURCE: '' }, '')).to.deep.equal(
      defaults,
    );
  });

  it('take global options of the engine', () => {
    expect(imageOptions({ ENGINE: 'podman --runtime runc' }, '').engine).to.deep.equal([
      'podman',
      '--runtime',
      'runc',
    ]);
  });

  it('make both bases from Debian packages, or none', () => {
    expect(imageOptions({ BASE: 'debian' }, '')).to.include({ base: 'debian', buildBase: 'debian' });
    expect(() => imageOptions({ BASE: 'debian', BUILD_BASE: 'node:24' }, '')).to.throw(
      'expected "debian" for both',
    );
    expect(() => imageOptions({ BUILD_BASE: 'debian' }, '')).to.throw('expected "debian" for both');
  });

  for (const [origin, source] of [
    ['https://git.example.com/team/zen-lead.git', 'https://git.example.com/team/zen-lead'],
    ['https://jane:secret@git.example.com/team/zen-lead.git', 'https://git.example.com/team/zen-lead'],
    ['git@git.example.com:team/zen-lead.git', 'https://git.example.com/team/zen-lead'],
    ['ssh://git@git.example.com/team/zen-lead.git', 'https://git.example.com/team/zen-lead'],
    ['/srv/git/zen-lead.git', ''],
    ['file:///srv/git/zen-lead.git', ''],
    ['', ''],
  ] as const) {
    it(`make of the remote "${origin}" the source "${source}"`, () => {
      expect(imageOptions({}, origin).source).to.equal(source);
    });
  }
});

describe('the arguments of the engine', () => {
  const options = { image: 'r.example.com/zen-lead', base: undefined, buildBase: undefined, source: 's' };
  const product = { version: '1.0.0+5', commit: 'abc' };

  it('burn in version, commit and source, and tag by the version', () => {
    expect(buildArguments(options, product)).to.deep.equal([
      'build',
      ...['--tag', 'r.example.com/zen-lead:1.0.0_5'],
      ...['--build-arg', 'VERSION=1.0.0+5'],
      ...['--build-arg', 'REVISION=abc'],
      ...['--build-arg', 'SOURCE=s'],
      '.',
    ]);
    expect(tagOf('1.0.0+5')).to.equal('1.0.0_5');
  });

  it('give bases only where one is wanted', () => {
    const given = buildArguments({ ...options, base: 'x@sha256:1', buildBase: 'y' }, product);
    expect(given).to.include.members(['BASE=x@sha256:1', 'BUILD_BASE=y']);
  });

  it('are all declared by the Dockerfile', () => {
    const declared = [...read('Dockerfile').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
    const given = buildArguments({ ...options, base: 'x', buildBase: 'y' }, product);
    const names = given.filter((each) => /^[A-Z_]+=/.test(each)).map((each) => each.split('=')[0]);
    expect(new Set(declared)).to.deep.equal(new Set(names));
  });
});

describe('the Dockerfile', () => {
  it('gets no more from the project than .dockerignore lets through', () => {
    const [everything, ...allowed] = read('.dockerignore')
      .split('\n')
      .filter((line) => !/^(#|$)/.test(line));
    expect(everything).to.equal('*');
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' ').map((path) => path.split('/')[0]),
    );
    expect(new Set(allowed)).to.deep.equal(new Set(copied.map((path) => `!${path ?? ''}`)));
  });

  it('installs only the packages that the build and the operator need, at their locked versions', () => {
    const directory = mkdtempSync(join(tmpdir(), 'zen-lead-packages-'));
    try {
      for (const file of ['package.json', 'package-lock.json'])
        copyFileSync(join(ROOT, file), join(directory, file));
      execFileSync(process.execPath, [join(ROOT, 'scripts/image/build-packages.ts')], { cwd: directory });
      const before = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
      const after = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as typeof before;
      expect(Object.keys(after['devDependencies']!)).to.have.members([
        '@cyclonedx/cyclonedx-library',
        'esbuild',
      ]);
      expect(before['devDependencies']).to.include(after['devDependencies']);
      expect({ ...after, devDependencies: null }).to.deep.equal({ ...before, devDependencies: null });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
