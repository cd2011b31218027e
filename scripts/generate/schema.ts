/** The part of a structural OpenAPI schema that the CRD uses. */
export interface Rule {
  /** CEL */
  readonly rule: string;
  readonly message: string;
  /** Relative to the schema that has the rule: .leaderService.name */
  readonly fieldPath?: string;
}

export interface Schema {
  /** Absent for what is an integer or a string. */
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-validations'?: readonly Rule[];
}

export interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly versions: readonly [{ readonly schema: { readonly openAPIV3Schema: Schema } }];
  };
}

/** @throws where the CRD has no such part */
export function partOf(crd: Crd, part: 'spec' | 'status'): Schema {
  const schema = crd.spec.versions[0].schema.openAPIV3Schema.properties?.[part];
  if (schema === undefined) throw new Error(`Expected the CRD to have .${part}`);
  return schema;
}

/** What users read about a field: the sentences, and what stands behind "Default:" and "Accepted:" at their end. */
export function readDescription({ description = '' }: Schema): {
  text: string;
  default?: string;
  accepted?: string;
} {
  const [, text = '', byDefault, accepted] =
    /^(.*?)(?:\s*\bDefault: (.*?)\.)?(?:\s*\bAccepted: (.*)\.)?$/s.exec(description) ?? [];
  return {
    text,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(accepted === undefined ? {} : { accepted }),
  };
}
