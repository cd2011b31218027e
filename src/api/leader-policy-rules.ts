/** The twins of what the CRD says in CEL and by list types, which ajv does not know: same fields, same messages. */
import type { LeaderPolicyFollowLabel, LeaderPolicySpec } from './leader-policy.ts';

export interface Rule {
  /** As in the CRD. */
  readonly message: string;
  /** Fields that break the rule. */
  readonly broken: (spec: LeaderPolicySpec) => readonly Broken[];
}

export interface Broken {
  /** Steps below spec. */
  readonly at: readonly string[];
  /** Absent where it is missing. */
  readonly value?: unknown;
}

const MAX_KEY = 253;
const KEY = /^([a-z0-9]+((-+|[.])[a-z0-9]+)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const RESERVED = /^([^/]*[.])?(zen-lead[.]io|kubernetes[.]io|k8s[.]io)\//;
/** Source names up to this length have a default leader name that is short enough. */
const MAX_DEFAULTED = 56;

const FOR_ALL: readonly Rule[] = [
  {
    message:
      'name is required where serviceRef.name has more than 56 characters or begins with a digit, because its default is "<serviceRef.name>-leader" and a Service name begins with a letter and has at most 63 characters',
    broken: ({ leaderService, serviceRef }) =>
      when(
        leaderService.name === undefined &&
          (serviceRef.name.length > MAX_DEFAULTED || !/^[a-z]/.test(serviceRef.name)),
        ['leaderService'],
      ),
  },
  {
    message:
      'the leader Service is not the source Service; accepted is any other name than that of serviceRef',
    broken: ({ leaderService, serviceRef }) =>
      when(leaderService.name === serviceRef.name, ['leaderService', 'name'], leaderService.name),
  },
  {
    message: 'a failback exists only with selection.sticky: false; with sticky: true accepted is 0',
    broken: ({ failover: { failbackDelaySeconds: delay }, selection }) =>
      when(delay !== 0 && selection.sticky, ['failover', 'failbackDelaySeconds'], delay),
  },
  {
    message:
      'with strategy FollowLabel the application chooses; accepted is a switchover with strategy OldestReady, Ordinal or Priority',
    broken: ({ switchover, selection }) =>
      when(switchover !== undefined && selection.strategy === 'FollowLabel', ['switchover'], switchover),
  },
];

const OF_SELECTION: readonly Rule[] = [
  {
    message: 'required with strategy FollowLabel, and accepted only with it',
    broken: ({ selection: { strategy, followLabel } }) =>
      when(
        (strategy === 'FollowLabel') !== (followLabel !== undefined),
        ['selection', 'followLabel'],
        followLabel,
      ),
  },
  {
    message: 'accepted only with strategy Priority',
    broken: ({ selection: { strategy, priority } }) =>
      when(priority !== undefined && strategy !== 'Priority', ['selection', 'priority'], priority),
  },
  {
    message: 'with strategy FollowLabel the label decides; accepted is true',
    broken: ({ selection: { strategy, sticky } }) =>
      when(strategy === 'FollowLabel' && !sticky, ['selection', 'sticky'], sticky),
  },
  {
    message: 'with strategy FollowLabel the label decides; accepted are no preferences',
    broken: ({ selection: { strategy, preferences = [] } }) =>
      when(strategy === 'FollowLabel' && preferences.length > 0, ['selection', 'preferences'], preferences),
  },
  {
    message: 'with strategy FollowLabel the label decides; accepted is 0',
    broken: ({ selection: { strategy, minReadySeconds } }) =>
      when(
        strategy === 'FollowLabel' && minReadySeconds !== 0,
        ['selection', 'minReadySeconds'],
        minReadySeconds,
      ),
  },
  {
    message: 'podSelector with at least one label, or zones with at least one zone, is required',
    broken: ({ selection: { preferences = [] } }) =>
      preferences.flatMap((preference, index) => {
        const { podSelector, zones = [] } = preference;
        const labels = Object.keys(podSelector?.matchLabels ?? {});
        const at = ['selection', 'preferences', String(index)];
        return when(labels.length === 0 && zones.length === 0, at, preference);
      }),
  },
];

const OF_PORTS: readonly Rule[] = [
  {
    message: 'a name is required for each of several ports',
    broken: ({ ports = [] }) =>
      when(ports.length > 1 && ports.some(({ name }) => name === ''), ['ports'], ports),
  },
  {
    message: 'two ports have the same port and protocol; accepted is each port number once for a protocol',
    broken: ({ ports = [] }) =>
      when(repeated(ports.map(({ port, protocol }) => `${port}/${protocol}`)).length > 0, ['ports'], ports),
  },
];

const OF_KEYS: readonly Rule[] = [
  {
    message:
      'keys are at most 253 characters, an optional DNS subdomain and "/", then 1 to 63 letters, digits, "-", "_" or "." with a letter or digit at both ends',
    broken: (spec) =>
      [...addedMaps(spec), ...selectors(spec)].filter(({ value }) =>
        Object.keys(value).some((key) => key.length > MAX_KEY || !KEY.test(key)),
      ),
  },
  {
    message:
      'keys of zen-lead.io, kubernetes.io, k8s.io and their subdomains are reserved; accepted are all others',
    broken: (spec) =>
      addedMaps(spec).filter(({ value }) => Object.keys(value).some((key) => RESERVED.test(key))),
  },
];

/** x-kubernetes-list-type: what the API server itself says of these is "Duplicate value". */
const OF_LISTS: readonly Rule[] = [
  {
    message: 'another port has the same name; accepted is each name once',
    broken: ({ ports = [] }) =>
      repeated(ports.map(({ name }) => name)).map((index) => ({
        at: ['ports', String(index), 'name'],
        value: ports[index]?.name,
      })),
  },
  {
    message: 'the zone is there twice; accepted is each zone once',
    broken: ({ selection: { preferences = [] } }) =>
      preferences.flatMap(({ zones = [] }, index) =>
        repeated(zones).map((again) => ({
          at: ['selection', 'preferences', String(index), 'zones', String(again)],
          value: zones[again],
        })),
      ),
  },
];

/** Twins of x-kubernetes-validations. */
export const CEL_TWINS: readonly Rule[] = [...FOR_ALL, ...OF_SELECTION, ...OF_PORTS, ...OF_KEYS];
export const RULES: readonly Rule[] = [...CEL_TWINS, ...OF_LISTS];

function when(broken: boolean, at: readonly string[], value?: unknown): readonly Broken[] {
  return broken ? [{ at, value }] : [];
}

/** Indices of those that were there before. */
function repeated(values: readonly string[]): readonly number[] {
  return [...values.keys()].filter((index) => values.indexOf(values[index] ?? '') < index);
}

interface StringMapAt extends Broken {
  readonly value: Readonly<Record<string, string>>;
}

/** What is added to the leader Service. */
function addedMaps({ leaderService: { labels = {}, annotations = {} } }: LeaderPolicySpec): StringMapAt[] {
  return [
    { at: ['leaderService', 'labels'], value: labels },
    { at: ['leaderService', 'annotations'], value: annotations },
  ];
}

function selectors({ selection }: LeaderPolicySpec): StringMapAt[] {
  const { followLabel, exclude, preferences = [] } = selection;
  const at = (...steps: string[]): readonly string[] => ['selection', ...steps, 'matchLabels'];
  return [
    ...mapsOf(at('followLabel'), followLabel),
    ...mapsOf(at('exclude'), exclude),
    ...preferences.flatMap(({ podSelector }, index) =>
      mapsOf(at('preferences', String(index), 'podSelector'), podSelector),
    ),
  ];
}

function mapsOf(at: readonly string[], selector: LeaderPolicyFollowLabel | undefined): StringMapAt[] {
  return selector === undefined ? [] : [{ at, value: selector.matchLabels }];
}
