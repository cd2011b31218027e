/** The LeaderPolicy, with its defaults applied. Generated from crds/leaderpolicies.yaml by scripts/generate.ts: do not edit. */

/** The source Service, whose pods are the candidates. */
export interface LeaderPolicyServiceRef {
  /** Name of a Service in the namespace of the policy. It must have a selector. Accepted: a DNS label of 1 to 63 lower case letters, digits or "-", with a letter or digit at both ends. */
  readonly name: string;
}

/** The Service that leads to the leader. The operator makes it, and owns it. */
export interface LeaderPolicyLeaderService {
  /** Name of the leader Service, in the same namespace. Default: the name of the source Service and "-leader". Accepted: a DNS label of 1 to 63 lower case letters, digits or "-", with a letter first and a letter or digit last, other than serviceRef.name. */
  readonly name?: string;
  /** ClusterIP: clients reach the leader by one address that stays. Headless: the name resolves to the address of the leader's pod itself. Default: "ClusterIP". */
  readonly type: 'ClusterIP' | 'Headless';
  /** Labels added to the leader Service. Default: none. Accepted: at most 32 labels, with other keys than those of zen-lead.io, kubernetes.io, k8s.io and their subdomains. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations added to the leader Service. Default: none. Accepted: at most 16 annotations, with other keys than those of zen-lead.io, kubernetes.io, k8s.io and their subdomains. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A port of the leader Service. */
export interface LeaderPolicyPort {
  /** Name of the port; required where there are several. Accepted: a DNS label of at most 63 lower case letters, digits or "-", with a letter or digit at both ends. Default: "". */
  readonly name: string;
  /** Port of the leader Service. Accepted: 1 to 65535. */
  readonly port: number;
  /** Port of the leader's pod; a name is looked up on the pod that leads. Default: the same number as port. Accepted: 1 to 65535, or the name of a container port: at most 15 lower case letters, digits or single "-", with at least one letter, and a letter or digit at both ends. */
  readonly targetPort?: number | string;
  /** IP protocol of the port. Default: "TCP". */
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /** Application protocol, a hint for proxies and load balancers. Default: none. Accepted: an IANA service name such as http, or a name with a prefix such as kubernetes.io/h2c. */
  readonly appProtocol?: string;
}

/** Where strategy Priority finds the priority of a pod. Only with that strategy. */
export interface LeaderPolicyPriority {
  /** Annotation of the pod that holds an integer; the highest leads, a pod without it counts as 0. Accepted: an annotation key, such as example.com/priority. Default: "zen-lead.io/priority". */
  readonly annotation: string;
}

/** The label that strategy FollowLabel follows. Required with that strategy, and only with it. */
export interface LeaderPolicyFollowLabel {
  /** Labels of the pod that leads; all of them must match. Accepted: 1 to 32 labels. */
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** Pods that meet the preference; with zones, both must hold. */
export interface LeaderPolicyPodSelector {
  /** Labels of the pod; all of them must match. Accepted: at most 32 labels. */
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** A preference; it needs podSelector, zones or both. */
export interface LeaderPolicyPreference {
  /** What it adds to a pod that meets it. Accepted: 1 to 100. */
  readonly weight: number;
  /** Pods that meet the preference; with zones, both must hold. */
  readonly podSelector?: LeaderPolicyPodSelector;
  /** Zones, one of which the pod is in, by its own label topology.kubernetes.io/zone. Accepted: at most 32 different zones. */
  readonly zones?: readonly string[];
}

/** Pods that never lead. Default: none are excluded. */
export interface LeaderPolicyExclude {
  /** Labels of pods that never lead; all of them must match. Accepted: 1 to 32 labels. */
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** Which pod leads. */
export interface LeaderPolicySelection {
  /** Which of the eligible pods leads. OldestReady: the one that has been Ready for longest. Ordinal: the lowest ordinal of a StatefulSet. Priority: the highest integer in an annotation of the pod. FollowLabel: the one Ready pod that carries a label, set by the application's own election; none or two of them lead to nobody. Ties go to the older pod, then to the lower name. Default: "OldestReady". */
  readonly strategy: 'OldestReady' | 'Ordinal' | 'Priority' | 'FollowLabel';
  /** true: a leader stays while it is eligible. false: a better candidate replaces it, after failover.failbackDelaySeconds. Default: true. */
  readonly sticky: boolean;
  /** A candidate must have been Ready for so many seconds. Accepted: 0 to 86400. Default: 0. */
  readonly minReadySeconds: number;
  /** Where strategy Priority finds the priority of a pod. Only with that strategy. */
  readonly priority?: LeaderPolicyPriority;
  /** The label that strategy FollowLabel follows. Required with that strategy, and only with it. */
  readonly followLabel?: LeaderPolicyFollowLabel;
  /** Which candidates are better. The weights of those that a pod meets are added up; the highest sum goes first, and the strategy decides between equals. Not with strategy FollowLabel. Default: none. Accepted: at most 32 preferences. */
  readonly preferences?: readonly LeaderPolicyPreference[];
  /** Pods that never lead. Default: none are excluded. */
  readonly exclude?: LeaderPolicyExclude;
}

/** When a leader is replaced. */
export interface LeaderPolicyFailover {
  /** For so many seconds a leader that is no longer Ready is kept. One that terminates or is gone is replaced at once. Accepted: 0 to 86400. Default: 0. */
  readonly gracePeriodSeconds: number;
  /** With sticky false: a better candidate must have been Ready for so many seconds before it takes over. Accepted: 0 to 86400, and only 0 with sticky true. Default: 0. */
  readonly failbackDelaySeconds: number;
  /** Automatic: a lost leader is replaced. Manual: only the first leader is elected; later ones only by switchover. Default: "Automatic". */
  readonly mode: 'Automatic' | 'Manual';
  /** Between two leaders nobody is published for so many seconds, so that clients of the old one notice first. Accepted: 0 to 86400. Default: 0. */
  readonly handoverGapSeconds: number;
}

/** Moves the leader to a pod, once for each requestId. It fails, and changes nothing, where that pod is not eligible; status.switchover says so. Not with strategy FollowLabel. Default: none. */
export interface LeaderPolicySwitchover {
  /** Name of the pod that is to lead. Accepted: a DNS subdomain of 1 to 253 lower case letters, digits, "-" or ".". */
  readonly podName: string;
  /** Any text that differs from that of the last request, such as a date. Accepted: 1 to 63 letters, digits, "-", "_", ".", ":" or "+". */
  readonly requestId: string;
}

/** What is wanted. */
export interface LeaderPolicySpec {
  /** The source Service, whose pods are the candidates. */
  readonly serviceRef: LeaderPolicyServiceRef;
  /** The Service that leads to the leader. The operator makes it, and owns it. */
  readonly leaderService: LeaderPolicyLeaderService;
  /** Ports of the leader Service. Default: those of the source Service, one to one. Accepted: 1 to 32 ports with different names. */
  readonly ports?: readonly LeaderPolicyPort[];
  /** Which pod leads. */
  readonly selection: LeaderPolicySelection;
  /** When a leader is replaced. */
  readonly failover: LeaderPolicyFailover;
  /** true: the leader does not move. It is withdrawn while it is not eligible, and comes back when the same pod is eligible again; nobody else is elected, and switchovers are refused. Default: false. */
  readonly paused: boolean;
  /** Moves the leader to a pod, once for each requestId. It fails, and changes nothing, where that pod is not eligible; status.switchover says so. Not with strategy FollowLabel. Default: none. */
  readonly switchover?: LeaderPolicySwitchover;
  /** How many changes of the leader status.history keeps. Accepted: 0 to 100. Default: 10. */
  readonly historyLimit: number;
}

/** The pod that is published; absent while nobody is. */
export interface LeaderPolicyLeader {
  /** Name of the pod. */
  readonly podName: string;
  /** metadata.uid of the pod. */
  readonly podUID: string;
  /** Its address, of the primary family of the leader Service. */
  readonly podIP?: string;
  /** Its node. */
  readonly nodeName?: string;
  /** Its zone, from its own label topology.kubernetes.io/zone. */
  readonly zone?: string;
  /** Since when it leads, RFC 3339 with microseconds. */
  readonly since?: string;
  /** Number of this leadership; one more whenever another pod is published. It never goes back. */
  readonly epoch: number;
  /** Why it came to lead, one CamelCase word. */
  readonly reason?: string;
}

/** How many pods there are to choose from. */
export interface LeaderPolicyCandidates {
  /** Pods that the source Service selects. */
  readonly total: number;
  /** Those of them that are Ready and not terminating. */
  readonly ready: number;
  /** Those of them that may lead. */
  readonly eligible: number;
  /** Eligible and total, such as 2/3. */
  readonly summary: string;
}

/** What became of one candidate. */
export interface LeaderPolicyCandidateDetail {
  /** Name of the pod. */
  readonly podName: string;
  /** Whether it may lead. */
  readonly eligible: boolean;
  /** Why it may not lead, or why it stands where it does. */
  readonly reason?: string;
}

/** One change of the leader. */
export interface LeaderPolicyHistoryEntry {
  /** Number of the leadership that began. */
  readonly epoch: number;
  /** Name of the pod that led before; absent for the first election. */
  readonly from?: string;
  /** Name of the pod that leads since. */
  readonly to: string;
  /** Why the leader changed, one CamelCase word. */
  readonly reason: string;
  /** When it changed, RFC 3339 with microseconds. */
  readonly time: string;
  /** How long nobody led, from the loss of the old leader to the new one, milliseconds. */
  readonly durationMilliseconds?: number;
}

/** The last switchover that was handled. */
export interface LeaderPolicySwitchoverStatus {
  /** Its spec.switchover.requestId. */
  readonly observedRequestId: string;
  /** Completed or Failed; Pending while handoverGapSeconds runs. */
  readonly phase: string;
  /** Why it failed, or what was done. */
  readonly message?: string;
}

/** A condition, as Kubernetes defines it. */
export interface LeaderPolicyCondition {
  /** Type of the condition, CamelCase. */
  readonly type: string;
  /** True, False or Unknown. */
  readonly status: 'True' | 'False' | 'Unknown';
  /** metadata.generation that the condition was set upon. */
  readonly observedGeneration?: number;
  /** When the status of the condition changed last. */
  readonly lastTransitionTime: string;
  /** Why, one CamelCase word. */
  readonly reason: string;
  /** The same for people; may be empty. */
  readonly message: string;
}

/** What is, written by the operator. */
export interface LeaderPolicyStatus {
  /** metadata.generation of the spec that this status is about. */
  readonly observedGeneration?: number;
  /** Name of the leader Service. */
  readonly leaderServiceName?: string;
  /** The pod that is published; absent while nobody is. */
  readonly leader?: LeaderPolicyLeader;
  /** How many pods there are to choose from. */
  readonly candidates?: LeaderPolicyCandidates;
  /** The first candidates in the order in which they would lead, at most 10. */
  readonly candidateDetails?: readonly LeaderPolicyCandidateDetail[];
  /** How often the leader has changed; the first election does not count. */
  readonly failovers?: number;
  /** Changes of the leader, newest first, at most spec.historyLimit. */
  readonly history?: readonly LeaderPolicyHistoryEntry[];
  /** The last switchover that was handled. */
  readonly switchover?: LeaderPolicySwitchoverStatus;
  /** Ready (exactly one endpoint is published), LeaderElected, PortsResolved, NameConflict, ForeignEndpoints and Paused; all of them are always there. */
  readonly conditions?: readonly LeaderPolicyCondition[];
}
