import { expect } from 'chai';
import { requirementsOf } from './build/requirements.ts';
import { families } from './build/tools.ts';

describe('versions of the tools', () => {
  it('are those of one build, so that what several tools are made of is compiled once', async () => {
    const seen = new Map<string, Map<string, string[]>>();
    for (const { name, directory } of families()) {
      for (const [module, version] of await requirementsOf(directory)) {
        const versions = seen.get(module) ?? new Map<string, string[]>();
        versions.set(version, [...(versions.get(version) ?? []), name]);
        seen.set(module, versions);
      }
    }
    expect(seen.size).to.be.above(300);
    const apart = [...seen].filter(([, versions]) => versions.size > 1);
    expect(Object.fromEntries(apart), 'node scripts/align-tools.ts mends it').to.deep.equal({});
  });
});
