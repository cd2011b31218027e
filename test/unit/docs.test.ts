/** The pages that list what the code has, compared with it, and the other way round. Links and other pages: test/docs. */
import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { validateSpec } from '../../src/api/leader-policy-validator.ts';
import {
  CONDITION_REASONS,
  CONDITION_TYPES,
  INELIGIBLE_REASONS,
  LEADER_REASONS,
  NORMAL_REASONS,
  WARNING_REASONS,
} from '../../src/api/reasons.ts';
import * as names from '../../src/names.ts';
import { ANNOTATION_STRATEGIES, STRATEGIES } from '../../src/plan/request.ts';
import { help } from '../docs/support/help.ts';
import { PAGES, read, ROOT } from '../docs/support/pages.ts';
import { LEASE_RULES, RULES } from '../integration/support/rbac.ts';
import { metricsUnderTest, scrape } from '../support/metrics.ts';

/** What is under a heading, up to the next one of the same or a higher level. */
function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
  if (start === -1) throw new Error(`Expected a heading "${heading}"`);
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 1;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (/^(#+) /.exec(line)?.[1]?.length ?? Infinity) <= level);
  return rest.slice(0, end === -1 ? undefined : end).join('\n');
}

/** The rows of all tables, cell by cell. */
function rows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\|[-|: ]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

/** What stands in backticks in the first column. */
function firstColumn(text: string): string[] {
  return rows(text).flatMap(([first = '']) => codes(first));
}

function codes(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

describe('docs/events.md', () => {
  const page = read('docs/events.md');

  for (const [heading, reasons] of [
    ['Normal', NORMAL_REASONS],
    ['Warning', WARNING_REASONS],
    ['Why a pod may not lead', INELIGIBLE_REASONS],
    ['Why a leader was replaced', LEADER_REASONS.slice(INELIGIBLE_REASONS.length)],
    ['Condition types', CONDITION_TYPES],
    ['Condition reasons', CONDITION_REASONS],
  ] as const) {
    it(`lists exactly the reasons of the code under "${heading}"`, () => {
      expect(firstColumn(section(page, heading))).to.have.members([...reasons]);
    });
  }
});

describe('docs/operations.md', () => {
  const flags = rows(section(read('docs/operations.md'), 'Flags'));

  it('lists exactly the flags of --help', () => {
    const known = [...help().matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(known).to.include('--namespace');
    expect(flags.flatMap(([flag = '']) => codes(flag))).to.have.members(known);
  });

  it('lists exactly the environment variables of --help', () => {
    const known = [...help().matchAll(/\[(ZEN_LEAD_\w+)/g)].map(([, variable]) => variable);
    expect(known).to.include('ZEN_LEAD_NAMESPACE');
    expect(flags.flatMap(([, variable = '']) => codes(variable))).to.have.members(known);
  });

  it('gives the defaults of --help', () => {
    const known = [...help().matchAll(/--([\w-]+) <\w+>[^[]*\(default: "?([^")]+?)"?\)/g)];
    expect(known).to.have.lengthOf(7);
    for (const [, flag = '', value = ''] of known) {
      const row = flags.find(([first = '']) => first === `\`--${flag}\``);
      for (const word of value.split(/[\s,]+/).filter((part) => !['on', 'a', 'else'].includes(part))) {
        expect(row?.[2], `default of --${flag}`).to.include(word);
      }
    }
  });
});

describe('docs/annotations.md', () => {
  const page = read('docs/annotations.md');

  it('lists exactly what a user may write on a Service', () => {
    const table = section(page, 'On the source Service').split('### ')[0] ?? '';
    expect(firstColumn(table)).to.have.members(Object.values(names.ANNOTATION));
  });

  it('lists exactly what the operator writes', () => {
    const written = [...Object.values(names.SERVICE_ANNOTATION), ...Object.values(names.SLICE_ANNOTATION)];
    expect(firstColumn(section(page, 'What zen-lead makes'))).to.have.members(written);
  });

  it('names the strategies, the labels and the annotation of pods', () => {
    const { managedBy, sourceService, serviceName, sliceManagedBy, podIndex } = names.LABEL;
    for (const label of [managedBy, sourceService, serviceName, sliceManagedBy, podIndex]) {
      expect(page).to.include(`\`${label}`);
    }
    expect(page).to.include(`\`${names.POD_PRIORITY_ANNOTATION}\``);
  });

  it('lists exactly the strategies of annotation mode', () => {
    const row = rows(page).find(([first]) => first === `\`${names.ANNOTATION.strategy}\``);
    expect(codes(row?.[2] ?? '')).to.deep.equal([...ANNOTATION_STRATEGIES]);
    const explained = [...section(page, 'Who leads').matchAll(/^- \*\*(\w+)\*\*/gm)].map(([, name]) => name);
    expect(explained).to.deep.equal([...ANNOTATION_STRATEGIES]);
  });
});

describe('docs/strategies.md', () => {
  it('says of exactly the strategies of the code when to use them', () => {
    const table = section(read('docs/strategies.md'), 'Which strategy').split('### ')[0] ?? '';
    expect(firstColumn(table)).to.have.members([...STRATEGIES]);
  });
});

describe('LeaderPolicies in README and docs', () => {
  const fields = firstColumn(read('docs/leader-policy.md'));

  for (const page of PAGES) {
    const text = read(page);
    it(`${page}: every field is one of the CRD's`, () => {
      const named = codes(text.replaceAll(/```[^]*?```/g, '')).flatMap(
        (code) =>
          /^(?:spec\.)?((?:selection|failover|leaderService|serviceRef)\.[\w.]+)/.exec(code)?.[1] ?? [],
      );
      for (const field of named) expect(fields).to.include(field);
    });

    it(`${page}: every example is accepted`, () => {
      const blocks = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = '']) => yaml);
      for (const block of blocks.filter((yaml) => yaml.includes('serviceRef'))) {
        const { spec } = parse(block) as { spec: unknown };
        expect(validateSpec(spec).problems, block).to.deep.equal([]);
      }
    });
  }
});

describe('docs/metrics.md', () => {
  it('lists exactly the metrics that are exported, with their types', async () => {
    const text = await scrape(metricsUnderTest());
    const exported = [...text.matchAll(/^# TYPE (\S+ \S+)$/gm)].map(([, type]) => type);
    const listed = rows(read('docs/metrics.md')).filter(([first]) => first !== 'metric');
    expect(listed.map(([name = '', type = '']) => `${codes(name).join()} ${type}`)).to.have.members(exported);
  });
});

describe('docs/dependencies.md', () => {
  const page = read('docs/dependencies.md');
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>;
  const packagesIn = (...fields: string[]): string[] =>
    fields.flatMap((field) => Object.keys(manifest[field] ?? {}));

  it('lists exactly the dependencies of package.json', () => {
    expect(firstColumn(section(page, 'At run time'))).to.have.members(packagesIn('dependencies'));
    expect(firstColumn(section(page, 'To build and test'))).to.have.members(
      packagesIn('devDependencies', 'optionalDependencies'),
    );
  });

  it('gives the licence that each package states', () => {
    for (const [first = '', licences = ''] of rows(page)) {
      for (const name of codes(first)) {
        const path = `node_modules/${name}/package.json`;
        if (!existsSync(join(ROOT, path))) continue; // optional: of another platform
        const { license } = JSON.parse(read(path)) as { license: string };
        expect(licences.split(', '), name).to.include(license);
      }
    }
  });

  it('names the Go tools that are built', () => {
    for (const family of ['etcd', 'kubernetes', 'kwok', 'helm', 'prometheus']) {
      for (const [, tool = ''] of read(`test/cluster/go/${family}/go.mod`).matchAll(
        /^(?:tool |\t)\S+\/cmd\/(\S+)$/gm,
      )) {
        expect(section(page, 'Go tools, for the tests')).to.include(tool);
      }
    }
  });
});

describe('config/rbac/clusterrole.yaml', () => {
  it('grants exactly the rights that the integration tests run with', () => {
    const role = parse(read('config/rbac/clusterrole.yaml')) as { rules: unknown[] };
    expect(role.rules).to.have.deep.members(RULES);
  });
});

describe('config/rbac/leader-election.yaml', () => {
  it('grants exactly the rights that replicas in the integration tests run with besides', () => {
    const role = parse(read('config/rbac/leader-election.yaml')) as { kind: string; rules: unknown[] };
    expect(role.kind).to.equal('Role');
    expect(role.rules).to.have.deep.members(LEASE_RULES);
  });
});

describe('README.md', () => {
  it('names the annotations that a user may write', () => {
    expect(firstColumn(read('README.md'))).to.have.members(Object.values(names.ANNOTATION));
  });
});
