/** TypeScript types of spec and status, as they are once the defaults are applied. */
import { partOf } from './schema.ts';
import type { Crd, Schema } from './schema.ts';

/** What one element of a list is called. */
const SINGULAR: Readonly<Record<string, string>> = {
  ports: 'Port',
  preferences: 'Preference',
  candidateDetails: 'CandidateDetail',
  history: 'HistoryEntry',
  conditions: 'Condition',
};
const PREFIX = 'LeaderPolicy';

export function typesOf(crd: Crd): string {
  const writer = new TypeWriter();
  writer.interface(`${PREFIX}Spec`, partOf(crd, 'spec'));
  writer.interface(`${PREFIX}Status`, partOf(crd, 'status'));
  return writer.text();
}

class TypeWriter {
  readonly #interfaces = new Map<string, string>();

  /** Parts come before what they are part of. @returns its name */
  interface(wanted: string, schema: Schema): string {
    // What has the name of a part of spec is the status of that.
    const name = this.#interfaces.has(wanted) ? `${wanted}Status` : wanted;
    const fields = Object.entries(schema.properties ?? {}).map(([field, each]) => {
      const always = schema.required?.includes(field) === true || each.default !== undefined;
      return `${comment(each)}readonly ${field}${always ? '' : '?'}: ${this.#typeOf(field, each)};`;
    });
    this.#interfaces.set(name, `${comment(schema)}export interface ${name} {\n${fields.join('\n')}\n}`);
    return name;
  }

  text(): string {
    return [...this.#interfaces.values()].join('\n\n');
  }

  #typeOf(field: string, schema: Schema): string {
    if (schema['x-kubernetes-int-or-string']) return 'number | string';
    if (schema.enum !== undefined) return schema.enum.map((value) => `'${value}'`).join(' | ');
    if (schema.type === undefined) throw new Error(`Expected the field ${field} to have a type`);
    switch (schema.type) {
      case 'integer':
        return 'number';
      case 'string':
      case 'boolean':
        return schema.type;
      case 'array':
        return `readonly ${this.#element(field, schema)}[]`;
      case 'object':
        if (schema.properties !== undefined) return this.interface(PREFIX + capitalised(field), schema);
        return `Readonly<Record<string, ${this.#typeOf(field, schema.additionalProperties ?? {})}>>`;
    }
  }

  #element(field: string, { items }: Schema): string {
    if (items?.properties === undefined) return this.#typeOf(field, items ?? {});
    const singular = SINGULAR[field];
    if (singular === undefined) throw new Error(`Expected a name for an element of the list ${field}`);
    return this.interface(PREFIX + singular, items);
  }
}

function comment({ description, default: value }: Schema): string {
  if (description === undefined) return '';
  const byDefault =
    value === undefined || typeof value === 'object' ? '' : ` Default: ${JSON.stringify(value)}.`;
  return `/** ${description}${byDefault} */\n`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
