/** What the chart brings of config/prometheus and config/grafana: a package of the chart holds nothing from outside of its directory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const note = (sources: string): string =>
  `# Generated from ${sources} by scripts/generate.ts: do not edit.\n`;

/** Content by path. @param root of the repository */
export function chartFilesFrom(root: string): ReadonlyMap<string, string> {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const groups = ['recording', 'alerts'].map((name) => groupsIn(read(`config/prometheus/${name}.yaml`)));
  return new Map([
    ['config/chart/files/prometheus-rules.yaml', `${note('config/prometheus')}groups:\n${groups.join('')}`],
    // JSON has no comments.
    ['config/chart/files/dashboard.json', read('config/grafana/zen-lead.json')],
  ]);
}

/** The elements of the list `groups`, comments above it left out. */
function groupsIn(yaml: string): string {
  const [, groups] = /^groups:\n((?:[ \n].*\n?)*)$/m.exec(yaml) ?? [];
  if (groups === undefined) throw new Error('Expected a rule file to have nothing but "groups:"');
  return groups;
}
