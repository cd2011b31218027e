/** What the builders of all kinds have in common. */
import type { KubeObject, StringMap } from '../../src/api/objects.ts';
import { deepFreeze } from './freeze.ts';

export const NAMESPACE = 'shop';
export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** Sets fields one after the other; `build` freezes what came of it. */
export class Builder<T extends KubeObject> {
  protected value: T;

  constructor(value: T) {
    this.value = value;
  }

  /** Sets fields that have no method of their own. */
  with(fields: Partial<T>): this {
    this.value = { ...this.value, ...fields };
    return this;
  }

  named(name: string): this {
    return this.with({ name, uid: `uid-${name}` } as Partial<T>);
  }

  uid(uid: string): this {
    return this.with({ uid } as Partial<T>);
  }

  created(createdAt: number): this {
    return this.with({ createdAt } as Partial<T>);
  }

  labelled(labels: StringMap): this {
    return this.with({ labels: { ...this.value.labels, ...labels } } as Partial<T>);
  }

  unlabelled(): this {
    return this.with({ labels: {} } as Partial<T>);
  }

  terminating(): this {
    return this.with({ deleting: true } as Partial<T>);
  }

  without(field: keyof T): this {
    this.value = Object.fromEntries(Object.entries(this.value).filter(([name]) => name !== field)) as T;
    return this;
  }

  build(): T {
    return deepFreeze(structuredClone(this.value));
  }
}

export function metadata(name: string): KubeObject {
  const createdAt = NOW - 24 * 60 * MINUTE;
  return {
    namespace: NAMESPACE,
    name,
    uid: `uid-${name}`,
    resourceVersion: '7',
    createdAt,
    deleting: false,
    labels: {},
  };
}
