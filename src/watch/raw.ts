/**
 * Objects as the API server sends them: the fields that are read. The API server has validated them, so only what
 * identifies an object is checked again (see `metadataOf`); a wrong shape further down ends as InvalidAnswer too.
 */
type Maybe<T> = T | null | undefined;

export interface RawMetadata {
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: Maybe<number>;
  readonly creationTimestamp?: Maybe<string>;
  readonly deletionTimestamp?: Maybe<string>;
  readonly labels?: Maybe<Readonly<Record<string, string>>>;
  readonly annotations?: Maybe<Readonly<Record<string, string>>>;
  readonly ownerReferences?: Maybe<readonly RawOwnerReference[]>;
}

export interface RawOwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: Maybe<boolean>;
  readonly blockOwnerDeletion?: Maybe<boolean>;
}

export interface RawObject {
  readonly metadata?: Maybe<RawMetadata>;
}

export interface RawContainer {
  readonly restartPolicy?: string;
  readonly ports?: Maybe<
    readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[]
  >;
}

export interface RawPod extends RawObject {
  readonly spec?: Maybe<{
    readonly nodeName?: string;
    readonly containers?: Maybe<readonly RawContainer[]>;
    readonly initContainers?: Maybe<readonly RawContainer[]>;
  }>;
  readonly status?: Maybe<{
    readonly phase?: string;
    readonly podIPs?: Maybe<readonly { readonly ip?: string }[]>;
    readonly conditions?: Maybe<
      readonly {
        readonly type: string;
        readonly status: string;
        readonly lastTransitionTime?: Maybe<string>;
      }[]
    >;
  }>;
}

export interface RawServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: Maybe<number | string>;
  readonly appProtocol?: Maybe<string>;
  readonly nodePort?: number;
}

export interface RawServiceSpec {
  readonly type?: string;
  readonly selector?: Maybe<Readonly<Record<string, string>>>;
  readonly clusterIP?: string;
  readonly ipFamilies?: Maybe<readonly string[]>;
  readonly ipFamilyPolicy?: Maybe<string>;
  readonly ports?: Maybe<readonly RawServicePort[]>;
  readonly sessionAffinity?: string;
  readonly sessionAffinityConfig?: Maybe<{
    readonly clientIP?: Maybe<{ readonly timeoutSeconds?: Maybe<number> }>;
  }>;
}

export interface RawService extends RawObject {
  readonly spec?: Maybe<RawServiceSpec>;
}

export interface RawEndpoint {
  readonly addresses?: Maybe<readonly string[]>;
  readonly conditions?: Maybe<{
    readonly ready?: Maybe<boolean>;
    readonly serving?: Maybe<boolean>;
    readonly terminating?: Maybe<boolean>;
  }>;
  readonly targetRef?: Maybe<{ readonly kind?: string; readonly name?: string; readonly uid?: string }>;
  readonly nodeName?: Maybe<string>;
  readonly zone?: Maybe<string>;
}

export interface RawEndpointPort {
  readonly name?: Maybe<string>;
  readonly port?: Maybe<number>;
  readonly protocol?: Maybe<string>;
  readonly appProtocol?: Maybe<string>;
}

export interface RawEndpointSlice extends RawObject {
  readonly addressType?: string;
  readonly endpoints?: Maybe<readonly RawEndpoint[]>;
  readonly ports?: Maybe<readonly RawEndpointPort[]>;
}

/** Only the names are read before the spec is validated: an older CRD may have let anything pass. */
export interface RawLeaderPolicy extends RawObject {
  readonly spec?: unknown;
  readonly status?: unknown;
}
