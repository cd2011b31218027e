/** The objects that the bench makes: Services, and pods as large as those of real applications (5 to 7 KB). */
import { ANNOTATION, LABEL, POLICY_API_VERSION, POLICY_KIND } from '../../src/names.ts';

/** Whose leaders: the operator's, asked by annotations or by LeaderPolicies, or the bare loop's. */
export type Side = 'annotations' | 'policies' | 'bare';

/** One namespace each, with the same objects in it. */
export const NAMESPACE: Readonly<Record<Side, string>> = {
  annotations: 'bench-annotations',
  policies: 'bench-policies',
  bare: 'bench-bare',
};
export const SIDE_NAME: Readonly<Record<Side, string>> = {
  annotations: 'operator',
  policies: 'operator, by policy',
  bare: 'bare loop',
};
export const PODS_PER_SERVICE = 3;
export const PORT = 8080;
/** The one node there is: pods of another one are not in kube-controller-manager's slices. */
const NODE = 'node-0';

type Body = Readonly<Record<string, unknown>>;

export function serviceNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `app-${String(index).padStart(4, '0')}`);
}

export function podName(service: string, ordinal: number): string {
  return `${service}-6d4cf56db6-${['x7kqp', 'b2zvn', 'm9wtd'][ordinal] ?? String(ordinal)}`;
}

/** @param annotated it opts in by annotation */
export function serviceBody(name: string, annotated: boolean): Body {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      labels: { 'app.kubernetes.io/name': name },
      ...(annotated && { annotations: { [ANNOTATION.enabled]: 'true' } }),
    },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: PORT }] },
  };
}

/** It asks for what the annotation asks for. */
export function policyBody(source: string): Body {
  return {
    apiVersion: POLICY_API_VERSION,
    kind: POLICY_KIND,
    metadata: { name: source },
    spec: { serviceRef: { name: source } },
  };
}

export function leaderServiceBody(source: string): Body {
  const metadata = { name: `${source}-leader`, labels: { [LABEL.sourceService]: source } };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { ports: [{ name: 'http', port: 80, targetPort: PORT }] },
  };
}

export function podBody(service: string, ordinal: number): Body {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(service, ordinal),
      labels: {
        app: service,
        'app.kubernetes.io/name': service,
        'app.kubernetes.io/instance': `${service}-production`,
        'app.kubernetes.io/version': '4.17.2',
        'app.kubernetes.io/part-of': 'storefront',
        'helm.sh/chart': 'storefront-12.4.0',
        'pod-template-hash': '6d4cf56db6',
      },
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
        'checksum/config': '5f4dcc3b5aa765d61d8327deb882cf992b95990a9151374abd8ff8c5a7a0fe08',
      },
    },
    spec: {
      nodeName: NODE,
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: 30,
      containers: [container('app', service, PORT, 24), container('metrics', service, 9090, 6)],
      volumes: [
        { name: 'config', configMap: { name: `${service}-config` } },
        { name: 'secrets', secret: { secretName: `${service}-secrets` } },
        { name: 'scratch', emptyDir: { sizeLimit: '256Mi' } },
      ],
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
    },
  };
}

function container(name: string, service: string, port: number, variables: number): Body {
  const probe = { httpGet: { path: '/healthz', port }, periodSeconds: 10, timeoutSeconds: 2 };
  return {
    name,
    image: image(name),
    ports: [{ name: name === 'app' ? 'http' : 'metrics', containerPort: port }],
    env: Array.from({ length: variables }, (_, index) => ({
      name: `${service.toUpperCase().replaceAll('-', '_')}_SETTING_${index}`,
      value: `https://backend-${index}.${service}.internal:8443/v1`,
    })),
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    readinessProbe: probe,
    livenessProbe: { ...probe, failureThreshold: 5 },
    volumeMounts: ['config', 'secrets', 'scratch'].map((volume) => ({
      name: volume,
      mountPath: `/var/run/${volume}`,
    })),
  };
}

function image(name: string): string {
  return `registry.example.com/storefront/${name}:4.17.2`;
}

const POD_NETWORK: Readonly<Record<Side, number>> = { annotations: 128, bare: 129, policies: 130 };

/** What a kubelet says of a pod that has come up. */
export function runningStatus(side: Side, index: number, now: string): Body {
  const ip = `10.${POD_NETWORK[side]}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  return {
    status: {
      phase: 'Running',
      hostIP: '192.0.2.1',
      podIP: ip,
      podIPs: [{ ip }],
      startTime: now,
      qosClass: 'Burstable',
      conditions: [
        { type: 'Initialized', status: 'True', lastTransitionTime: now },
        { type: 'PodScheduled', status: 'True', lastTransitionTime: now },
        ...readiness(true, now),
      ],
      containerStatuses: ['app', 'metrics'].map((name) => ({
        name,
        image: image(name),
        imageID: `${image(name)}@sha256:${'9f86d081884c7d65'.repeat(4)}`,
        containerID: `containerd://${'2c26b46b68ffc68f'.repeat(4)}`,
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: now } },
      })),
    },
  };
}

/** For a strategic merge patch, as a kubelet sends it: conditions are merged by type. */
export function readinessPatch(ready: boolean, now: string): Body {
  return { status: { conditions: readiness(ready, now) } };
}

function readiness(ready: boolean, now: string): Body[] {
  const reason = ready
    ? {}
    : { reason: 'ContainersNotReady', message: 'containers with unready status: [app]' };
  return ['ContainersReady', 'Ready'].map((type) => ({
    type,
    status: ready ? 'True' : 'False',
    lastTransitionTime: now,
    ...reason,
  }));
}

/** RFC 3339 in whole seconds, as metav1.Time. */
export function apiTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
