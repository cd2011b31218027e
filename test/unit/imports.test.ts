import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';

const SRC = resolve(import.meta.dirname, '../../src');

interface Import {
  /** A module of src, without `.ts`, such as plan/leader; or a package, such as node:util. */
  readonly target: string;
  /** Gone when the types are stripped: `import type`. One with inline `type` names only is not. */
  readonly typeOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(?:(type)\s+)?(?:[\w*{][^'";]*?from\s+)?'([^']+)'/gm;

function importsOf(module: string): Import[] {
  const text = readFileSync(join(SRC, `${module}.ts`), 'utf8');
  expect(text, `${module}: no dynamic import`).not.to.match(/\bimport\(/);
  return [...text.matchAll(STATEMENT)].map(([, type, path = '']) => ({
    target: path.startsWith('.') ? posix.join(posix.dirname(module), path).replace(/\.ts$/, '') : path,
    typeOnly: type !== undefined,
  }));
}

const MODULES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/').replace(/\.ts$/, ''));
const GRAPH = new Map(MODULES.map((module) => [module, importsOf(module)]));

/** Imports, types included, of the modules under `directory` that `allowed` does not accept: "plan/x -> watch/y". */
function refused(directory: string, allowed: (target: string) => boolean): string[] {
  const found = [...GRAPH].filter(([module]) => module.startsWith(directory));
  expect(found, `modules under ${directory}`).not.to.have.lengthOf(0);
  return found.flatMap(([module, imports]) =>
    imports.filter(({ target }) => !allowed(target)).map(({ target }) => `${module} -> ${target}`),
  );
}

const isIn =
  (...places: string[]): ((target: string) => boolean) =>
  (target) =>
    places.some((place) => (place.endsWith('/') ? target.startsWith(place) : target === place));

const isNotIn =
  (...places: string[]): ((target: string) => boolean) =>
  (target) =>
    !isIn(...places)(target);

describe('imports', () => {
  it('are found: each statement of the sources is one that this test understands', () => {
    for (const [module, imports] of GRAPH) {
      const text = readFileSync(join(SRC, `${module}.ts`), 'utf8');
      const statements = text.match(/^(?:import\b|export .*\bfrom ')/gm) ?? [];
      expect(imports.length, module).to.equal(statements.length);
      for (const { target } of imports) {
        if (!target.includes('/') || target.startsWith('@') || target.startsWith('node:')) continue;
        expect(MODULES, `${module} imports a module that exists`).to.include(target);
      }
    }
  });

  it('of plan/ are api/, names, errors and itself: it is pure', () => {
    expect(refused('plan/', isIn('plan/', 'api/', 'names', 'errors', 'node:util'))).to.deep.equal([]);
  });

  it('of api/ are names and itself', () => {
    expect(refused('api/', isIn('api/', 'names'))).to.deep.equal([]);
  });

  it('of kube/ are of no other layer', () => {
    const layers = isNotIn('watch/', 'apply/', 'plan/', 'queue/', 'telemetry/');
    expect(refused('kube/', layers)).to.deep.equal([]);
  });

  it('of watch/ leave apply/, queue/ and telemetry/ alone, and of plan/ all but parsing, memory and ownership', () => {
    expect(refused('watch/', isNotIn('apply/', 'queue/', 'telemetry/'))).to.deep.equal([]);
    const parsing = ['plan/request', 'plan/annotation-request', 'plan/policy-request'];
    const ofPlan = isIn('plan/ownership', 'plan/memory', 'plan/types', ...parsing);
    expect(refused('watch/', (target) => !target.startsWith('plan/') || ofPlan(target))).to.deep.equal([]);
  });

  it('of apply/ leave watch/, queue/ and telemetry/ alone', () => {
    expect(refused('apply/', isNotIn('watch/', 'queue/', 'telemetry/'))).to.deep.equal([]);
  });

  it('of replicas/ leave watch/, queue/ and telemetry/ alone', () => {
    expect(refused('replicas/', isNotIn('watch/', 'queue/', 'telemetry/'))).to.deep.equal([]);
  });

  it('of queue/ and telemetry/ are of no other layer', () => {
    expect(refused('queue/', isNotIn('watch/', 'apply/', 'plan/', 'kube/', 'telemetry/'))).to.deep.equal([]);
    expect(refused('telemetry/', isNotIn('watch/', 'apply/', 'plan/', 'kube/', 'queue/'))).to.deep.equal([]);
  });

  it('of plugin/ are what decides and what reads, of watch/ without the watches; nothing else imports it', () => {
    const layers = isIn(
      'plugin/',
      'api/',
      'kube/',
      'plan/',
      'names',
      'errors',
      'clock',
      'version',
      'node-version',
    );
    const caches = ['cluster-view', 'list', 'projections', 'project-leader-policy', 'store'];
    const ofWatch = isIn(...caches.map((each) => `watch/${each}`));
    const packages = isIn('commander', '@kubernetes/client-node');
    const allowed = (target: string): boolean =>
      layers(target) || ofWatch(target) || packages(target) || target.startsWith('node:');
    expect(refused('plugin/', allowed)).to.deep.equal([]);
    const others = [...GRAPH].filter(([module]) => !module.startsWith('plugin/'));
    const users = others.filter(([, imports]) => imports.some(({ target }) => target.startsWith('plugin/')));
    expect(users.map(([module]) => module)).to.deep.equal([]);
  });

  it('make no circle, those of types aside', () => {
    expect(circles()).to.deep.equal([]);
  });
});

/** Circles among imports that stay when the types are stripped: "a -> b -> a". */
function circles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (module: string, path: readonly string[]): void => {
    const at = path.indexOf(module);
    if (at !== -1) found.push([...path.slice(at), module].join(' -> '));
    if (at !== -1 || done.has(module)) return;
    for (const { target, typeOnly } of GRAPH.get(module) ?? [])
      if (!typeOnly) visit(target, [...path, module]);
    done.add(module);
  };
  for (const module of MODULES) visit(module, []);
  return found;
}
