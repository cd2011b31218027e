/** config/grafana/zen-lead.json, as far as its queries go. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './rules.ts';

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant?: boolean;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly targets?: readonly Target[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}

export interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

export function dashboard(): Dashboard {
  return JSON.parse(readFileSync(join(ROOT, 'config/grafana/zen-lead.json'), 'utf8')) as Dashboard;
}

/** What Grafana asks Prometheus for. @param values of `$name` */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Expected a value of $${name} in ${text}`);
    return value;
  });
}
