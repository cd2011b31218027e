/** Objects of the API as JSON brings them: the fields that tests look at. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface Metadata {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
}

export interface ServicePort {
  name?: string;
  port: number;
  protocol?: string;
  targetPort?: number | string;
  appProtocol?: string;
  nodePort?: number;
}

export interface ServiceSpec {
  type: string;
  selector?: Record<string, string>;
  clusterIP: string;
  clusterIPs?: string[];
  ipFamilies: string[];
  ipFamilyPolicy: string;
  ports: ServicePort[];
  sessionAffinity: string;
  sessionAffinityConfig?: { clientIP: { timeoutSeconds: number } };
  externalIPs?: string[];
}

export interface Service {
  metadata: Metadata;
  spec: ServiceSpec & Record<string, unknown>;
}

export interface Endpoint {
  addresses: string[];
  conditions: { ready?: boolean; serving?: boolean; terminating?: boolean };
  targetRef?: { kind: string; namespace: string; name: string; uid: string };
  nodeName?: string;
  zone?: string;
}

export interface Slice {
  metadata: Metadata;
  addressType: string;
  /** null: `endpoints: []`, as the API server stores it. */
  endpoints: Endpoint[] | null;
  ports: { name?: string; port?: number; protocol?: string; appProtocol?: string }[] | null;
}

export interface Pod {
  metadata: Metadata;
  status: {
    phase: string;
    podIP?: string;
    podIPs?: { ip: string }[];
    conditions?: { type: string; status: string; lastTransitionTime?: string }[];
  };
}

/** events.k8s.io/v1 */
export interface KubeEvent {
  metadata: Metadata;
  type: string;
  reason: string;
  note: string;
  action: string;
  eventTime: string;
  reportingController: string;
  reportingInstance: string;
  regarding: { kind: string; name: string; namespace: string; uid: string };
  related?: { kind: string; name: string; uid: string };
  series?: { count: number };
}

export interface List<T> {
  items: T[];
}
