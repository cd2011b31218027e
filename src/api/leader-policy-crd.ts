/* eslint-disable max-lines -- it is as long as the CRD */
/** The CustomResourceDefinition. Generated from crds/leaderpolicies.yaml by scripts/generate.ts: do not edit. */
export const LEADER_POLICY_CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'leaderpolicies.zen-lead.io', labels: { 'app.kubernetes.io/name': 'zen-lead' } },
  spec: {
    group: 'zen-lead.io',
    scope: 'Namespaced',
    names: {
      kind: 'LeaderPolicy',
      listKind: 'LeaderPolicyList',
      plural: 'leaderpolicies',
      singular: 'leaderpolicy',
      shortNames: ['lp'],
      categories: ['zen-lead'],
    },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          {
            name: 'Service',
            type: 'string',
            description: 'The source Service.',
            jsonPath: '.spec.serviceRef.name',
          },
          {
            name: 'Leader',
            type: 'string',
            description: 'The pod that leads.',
            jsonPath: '.status.leader.podName',
          },
          {
            name: 'Candidates',
            type: 'string',
            description: 'Pods that may lead, out of all that the source Service selects.',
            jsonPath: '.status.candidates.summary',
          },
          {
            name: 'Failovers',
            type: 'integer',
            description: 'How often the leader has changed.',
            jsonPath: '.status.failovers',
          },
          {
            name: 'Last-Failover',
            type: 'date',
            description: 'When the leader last changed; empty before it ever has.',
            jsonPath: '.status.history[?(@.from)].time',
          },
          {
            name: 'Ready',
            type: 'string',
            description: 'True while exactly one endpoint is published.',
            jsonPath: '.status.conditions[?(@.type=="Ready")].status',
          },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          {
            name: 'Node',
            type: 'string',
            description: 'The node of the leader.',
            jsonPath: '.status.leader.nodeName',
            priority: 1,
          },
          {
            name: 'Zone',
            type: 'string',
            description: 'The zone of the leader.',
            jsonPath: '.status.leader.zone',
            priority: 1,
          },
          {
            name: 'Strategy',
            type: 'string',
            description: 'How the leader is chosen.',
            jsonPath: '.spec.selection.strategy',
            priority: 1,
          },
          {
            name: 'Reason',
            type: 'string',
            description: 'Why it is Ready or not.',
            jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
            priority: 1,
          },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description:
              'A LeaderPolicy keeps, for a Service, a second Service that leads to exactly one of its pods, and says how that pod is chosen and replaced.',
            required: ['spec'],
            properties: {
              apiVersion: { type: 'string', description: 'Version of this schema, zen-lead.io/v1alpha1.' },
              kind: { type: 'string', description: 'LeaderPolicy.' },
              metadata: { type: 'object' },
              spec: {
                type: 'object',
                description: 'What is wanted.',
                required: ['serviceRef'],
                'x-kubernetes-validations': [
                  {
                    rule: "has(self.leaderService.name) || (size(self.serviceRef.name) <= 56 && self.serviceRef.name.matches('^[a-z]'))",
                    fieldPath: '.leaderService',
                    message:
                      'name is required where serviceRef.name has more than 56 characters or begins with a digit, because its default is "<serviceRef.name>-leader" and a Service name begins with a letter and has at most 63 characters',
                  },
                  {
                    rule: '!has(self.leaderService.name) || self.leaderService.name != self.serviceRef.name',
                    fieldPath: '.leaderService.name',
                    message:
                      'the leader Service is not the source Service; accepted is any other name than that of serviceRef',
                  },
                  {
                    rule: 'self.failover.failbackDelaySeconds == 0 || !self.selection.sticky',
                    fieldPath: '.failover.failbackDelaySeconds',
                    message:
                      'a failback exists only with selection.sticky: false; with sticky: true accepted is 0',
                  },
                  {
                    rule: "!has(self.switchover) || self.selection.strategy != 'FollowLabel'",
                    fieldPath: '.switchover',
                    message:
                      'with strategy FollowLabel the application chooses; accepted is a switchover with strategy OldestReady, Ordinal or Priority',
                  },
                ],
                properties: {
                  serviceRef: {
                    type: 'object',
                    description: 'The source Service, whose pods are the candidates.',
                    required: ['name'],
                    properties: {
                      name: {
                        type: 'string',
                        description:
                          'Name of a Service in the namespace of the policy. It must have a selector. Accepted: a DNS label of 1 to 63 lower case letters, digits or "-", with a letter or digit at both ends.',
                        minLength: 1,
                        maxLength: 63,
                        pattern: '^[a-z0-9]+(-+[a-z0-9]+)*$',
                      },
                    },
                  },
                  leaderService: {
                    type: 'object',
                    description: 'The Service that leads to the leader. The operator makes it, and owns it.',
                    default: {},
                    properties: {
                      name: {
                        type: 'string',
                        description:
                          'Name of the leader Service, in the same namespace. Default: the name of the source Service and "-leader". Accepted: a DNS label of 1 to 63 lower case letters, digits or "-", with a letter first and a letter or digit last, other than serviceRef.name.',
                        minLength: 1,
                        maxLength: 63,
                        pattern: '^[a-z][a-z0-9]*(-+[a-z0-9]+)*$',
                      },
                      type: {
                        type: 'string',
                        description:
                          "ClusterIP: clients reach the leader by one address that stays. Headless: the name resolves to the address of the leader's pod itself.",
                        enum: ['ClusterIP', 'Headless'],
                        default: 'ClusterIP',
                      },
                      labels: {
                        type: 'object',
                        description:
                          'Labels added to the leader Service. Default: none. Accepted: at most 32 labels, with other keys than those of zen-lead.io, kubernetes.io, k8s.io and their subdomains.',
                        maxProperties: 32,
                        additionalProperties: {
                          type: 'string',
                          description:
                            'A label value. Accepted: at most 63 letters, digits, "-", "_" or ".", with a letter or digit at both ends.',
                          maxLength: 63,
                          pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
                        },
                        'x-kubernetes-validations': [
                          {
                            rule: "self.all(key, size(key) <= 253 && key.matches('^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                            message:
                              'keys are at most 253 characters, an optional DNS subdomain and "/", then 1 to 63 letters, digits, "-", "_" or "." with a letter or digit at both ends',
                          },
                          {
                            rule: "self.all(key, !key.matches('^([^/]*[.])?(zen-lead[.]io|kubernetes[.]io|k8s[.]io)/'))",
                            message:
                              'keys of zen-lead.io, kubernetes.io, k8s.io and their subdomains are reserved; accepted are all others',
                          },
                        ],
                      },
                      annotations: {
                        type: 'object',
                        description:
                          'Annotations added to the leader Service. Default: none. Accepted: at most 16 annotations, with other keys than those of zen-lead.io, kubernetes.io, k8s.io and their subdomains.',
                        maxProperties: 16,
                        additionalProperties: {
                          type: 'string',
                          description: 'An annotation value. Accepted: at most 2048 characters.',
                          maxLength: 2048,
                        },
                        'x-kubernetes-validations': [
                          {
                            rule: "self.all(key, size(key) <= 253 && key.matches('^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                            message:
                              'keys are at most 253 characters, an optional DNS subdomain and "/", then 1 to 63 letters, digits, "-", "_" or "." with a letter or digit at both ends',
                          },
                          {
                            rule: "self.all(key, !key.matches('^([^/]*[.])?(zen-lead[.]io|kubernetes[.]io|k8s[.]io)/'))",
                            message:
                              'keys of zen-lead.io, kubernetes.io, k8s.io and their subdomains are reserved; accepted are all others',
                          },
                        ],
                      },
                    },
                  },
                  ports: {
                    type: 'array',
                    description:
                      'Ports of the leader Service. Default: those of the source Service, one to one. Accepted: 1 to 32 ports with different names.',
                    minItems: 1,
                    maxItems: 32,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    'x-kubernetes-validations': [
                      {
                        rule: "size(self) == 1 || self.all(port, port.name != '')",
                        message: 'a name is required for each of several ports',
                      },
                      {
                        rule: 'self.all(one, self.exists_one(other, other.port == one.port && other.protocol == one.protocol))',
                        message:
                          'two ports have the same port and protocol; accepted is each port number once for a protocol',
                      },
                    ],
                    items: {
                      type: 'object',
                      description: 'A port of the leader Service.',
                      required: ['port'],
                      properties: {
                        name: {
                          type: 'string',
                          description:
                            'Name of the port; required where there are several. Accepted: a DNS label of at most 63 lower case letters, digits or "-", with a letter or digit at both ends.',
                          maxLength: 63,
                          pattern: '^([a-z0-9]+(-+[a-z0-9]+)*)?$',
                          default: '',
                        },
                        port: {
                          type: 'integer',
                          format: 'int32',
                          description: 'Port of the leader Service. Accepted: 1 to 65535.',
                          minimum: 1,
                          maximum: 65535,
                        },
                        targetPort: {
                          description:
                            'Port of the leader\'s pod; a name is looked up on the pod that leads. Default: the same number as port. Accepted: 1 to 65535, or the name of a container port: at most 15 lower case letters, digits or single "-", with at least one letter, and a letter or digit at both ends.',
                          'x-kubernetes-int-or-string': true,
                          minimum: 1,
                          maximum: 65535,
                          maxLength: 15,
                          pattern: '^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$',
                        },
                        protocol: {
                          type: 'string',
                          description: 'IP protocol of the port.',
                          enum: ['TCP', 'UDP', 'SCTP'],
                          default: 'TCP',
                        },
                        appProtocol: {
                          type: 'string',
                          description:
                            'Application protocol, a hint for proxies and load balancers. Default: none. Accepted: an IANA service name such as http, or a name with a prefix such as kubernetes.io/h2c.',
                          minLength: 1,
                          maxLength: 253,
                          pattern:
                            '^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
                        },
                      },
                    },
                  },
                  selection: {
                    type: 'object',
                    description: 'Which pod leads.',
                    default: { strategy: 'OldestReady' },
                    'x-kubernetes-validations': [
                      {
                        rule: "(self.strategy == 'FollowLabel') == has(self.followLabel)",
                        fieldPath: '.followLabel',
                        message: 'required with strategy FollowLabel, and accepted only with it',
                      },
                      {
                        rule: "!has(self.priority) || self.strategy == 'Priority'",
                        fieldPath: '.priority',
                        message: 'accepted only with strategy Priority',
                      },
                      {
                        rule: "self.strategy != 'FollowLabel' || self.sticky",
                        fieldPath: '.sticky',
                        message: 'with strategy FollowLabel the label decides; accepted is true',
                      },
                      {
                        rule: "self.strategy != 'FollowLabel' || !has(self.preferences) || size(self.preferences) == 0",
                        fieldPath: '.preferences',
                        message: 'with strategy FollowLabel the label decides; accepted are no preferences',
                      },
                      {
                        rule: "self.strategy != 'FollowLabel' || self.minReadySeconds == 0",
                        fieldPath: '.minReadySeconds',
                        message: 'with strategy FollowLabel the label decides; accepted is 0',
                      },
                    ],
                    properties: {
                      strategy: {
                        type: 'string',
                        description:
                          "Which of the eligible pods leads. OldestReady: the one that has been Ready for longest. Ordinal: the lowest ordinal of a StatefulSet. Priority: the highest integer in an annotation of the pod. FollowLabel: the one Ready pod that carries a label, set by the application's own election; none or two of them lead to nobody. Ties go to the older pod, then to the lower name.",
                        enum: ['OldestReady', 'Ordinal', 'Priority', 'FollowLabel'],
                        default: 'OldestReady',
                      },
                      sticky: {
                        type: 'boolean',
                        description:
                          'true: a leader stays while it is eligible. false: a better candidate replaces it, after failover.failbackDelaySeconds.',
                        default: true,
                      },
                      minReadySeconds: {
                        type: 'integer',
                        format: 'int32',
                        description:
                          'A candidate must have been Ready for so many seconds. Accepted: 0 to 86400.',
                        minimum: 0,
                        maximum: 86400,
                        default: 0,
                      },
                      priority: {
                        type: 'object',
                        description:
                          'Where strategy Priority finds the priority of a pod. Only with that strategy.',
                        properties: {
                          annotation: {
                            type: 'string',
                            description:
                              'Annotation of the pod that holds an integer; the highest leads, a pod without it counts as 0. Accepted: an annotation key, such as example.com/priority.',
                            minLength: 1,
                            maxLength: 253,
                            pattern:
                              '^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
                            default: 'zen-lead.io/priority',
                          },
                        },
                      },
                      followLabel: {
                        type: 'object',
                        description:
                          'The label that strategy FollowLabel follows. Required with that strategy, and only with it.',
                        required: ['matchLabels'],
                        properties: {
                          matchLabels: {
                            description:
                              'Labels of the pod that leads; all of them must match. Accepted: 1 to 32 labels.',
                            type: 'object',
                            'x-kubernetes-map-type': 'atomic',
                            minProperties: 1,
                            maxProperties: 32,
                            additionalProperties: {
                              type: 'string',
                              description:
                                'A label value. Accepted: at most 63 letters, digits, "-", "_" or ".", with a letter or digit at both ends.',
                              maxLength: 63,
                              pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
                            },
                            'x-kubernetes-validations': [
                              {
                                rule: "self.all(key, size(key) <= 253 && key.matches('^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                message:
                                  'keys are at most 253 characters, an optional DNS subdomain and "/", then 1 to 63 letters, digits, "-", "_" or "." with a letter or digit at both ends',
                              },
                            ],
                          },
                        },
                      },
                      preferences: {
                        type: 'array',
                        description:
                          'Which candidates are better. The weights of those that a pod meets are added up; the highest sum goes first, and the strategy decides between equals. Not with strategy FollowLabel. Default: none. Accepted: at most 32 preferences.',
                        maxItems: 32,
                        'x-kubernetes-list-type': 'atomic',
                        items: {
                          type: 'object',
                          description: 'A preference; it needs podSelector, zones or both.',
                          required: ['weight'],
                          'x-kubernetes-validations': [
                            {
                              rule: '(has(self.podSelector) && size(self.podSelector.matchLabels) > 0) || (has(self.zones) && size(self.zones) > 0)',
                              message:
                                'podSelector with at least one label, or zones with at least one zone, is required',
                            },
                          ],
                          properties: {
                            weight: {
                              type: 'integer',
                              format: 'int32',
                              description: 'What it adds to a pod that meets it. Accepted: 1 to 100.',
                              minimum: 1,
                              maximum: 100,
                            },
                            podSelector: {
                              type: 'object',
                              description: 'Pods that meet the preference; with zones, both must hold.',
                              required: ['matchLabels'],
                              properties: {
                                matchLabels: {
                                  description:
                                    'Labels of the pod; all of them must match. Accepted: at most 32 labels.',
                                  type: 'object',
                                  'x-kubernetes-map-type': 'atomic',
                                  maxProperties: 32,
                                  additionalProperties: {
                                    type: 'string',
                                    description:
                                      'A label value. Accepted: at most 63 letters, digits, "-", "_" or ".", with a letter or digit at both ends.',
                                    maxLength: 63,
                                    pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
                                  },
                                  'x-kubernetes-validations': [
                                    {
                                      rule: "self.all(key, size(key) <= 253 && key.matches('^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                      message:
                                        'keys are at most 253 characters, an optional DNS subdomain and "/", then 1 to 63 letters, digits, "-", "_" or "." with a letter or digit at both ends',
                                    },
                                  ],
                                },
                              },
                            },
                            zones: {
                              type: 'array',
                              description:
                                'Zones, one of which the pod is in, by its own label topology.kubernetes.io/zone. Accepted: at most 32 different zones.',
                              maxItems: 32,
                              'x-kubernetes-list-type': 'set',
                              items: {
                                type: 'string',
                                description:
                                  'A zone. Accepted: 1 to 63 letters, digits, "-", "_" or ".", with a letter or digit at both ends.',
                                minLength: 1,
                                maxLength: 63,
                                pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
                              },
                            },
                          },
                        },
                      },
                      exclude: {
                        type: 'object',
                        description: 'Pods that never lead. Default: none are excluded.',
                        required: ['matchLabels'],
                        properties: {
                          matchLabels: {
                            description:
                              'Labels of pods that never lead; all of them must match. Accepted: 1 to 32 labels.',
                            type: 'object',
                            'x-kubernetes-map-type': 'atomic',
                            minProperties: 1,
                            maxProperties: 32,
                            additionalProperties: {
                              type: 'string',
                              description:
                                'A label value. Accepted: at most 63 letters, digits, "-", "_" or ".", with a letter or digit at both ends.',
                              maxLength: 63,
                              pattern: '^([A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*)?$',
                            },
                            'x-kubernetes-validations': [
                              {
                                rule: "self.all(key, size(key) <= 253 && key.matches('^([a-z0-9]+((-+|[.])[a-z0-9]+)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                message:
                                  'keys are at most 253 characters, an optional DNS subdomain and "/", then 1 to 63 letters, digits, "-", "_" or "." with a letter or digit at both ends',
                              },
                            ],
                          },
                        },
                      },
                    },
                  },
                  failover: {
                    type: 'object',
                    description: 'When a leader is replaced.',
                    default: {},
                    properties: {
                      gracePeriodSeconds: {
                        type: 'integer',
                        format: 'int32',
                        description:
                          'For so many seconds a leader that is no longer Ready is kept. One that terminates or is gone is replaced at once. Accepted: 0 to 86400.',
                        minimum: 0,
                        maximum: 86400,
                        default: 0,
                      },
                      failbackDelaySeconds: {
                        type: 'integer',
                        format: 'int32',
                        description:
                          'With sticky false: a better candidate must have been Ready for so many seconds before it takes over. Accepted: 0 to 86400, and only 0 with sticky true.',
                        minimum: 0,
                        maximum: 86400,
                        default: 0,
                      },
                      mode: {
                        type: 'string',
                        description:
                          'Automatic: a lost leader is replaced. Manual: only the first leader is elected; later ones only by switchover.',
                        enum: ['Automatic', 'Manual'],
                        default: 'Automatic',
                      },
                      handoverGapSeconds: {
                        type: 'integer',
                        format: 'int32',
                        description:
                          'Between two leaders nobody is published for so many seconds, so that clients of the old one notice first. Accepted: 0 to 86400.',
                        minimum: 0,
                        maximum: 86400,
                        default: 0,
                      },
                    },
                  },
                  paused: {
                    type: 'boolean',
                    description:
                      'true: the leader does not move. It is withdrawn while it is not eligible, and comes back when the same pod is eligible again; nobody else is elected, and switchovers are refused.',
                    default: false,
                  },
                  switchover: {
                    type: 'object',
                    description:
                      'Moves the leader to a pod, once for each requestId. It fails, and changes nothing, where that pod is not eligible; status.switchover says so. Not with strategy FollowLabel. Default: none.',
                    required: ['podName', 'requestId'],
                    properties: {
                      podName: {
                        type: 'string',
                        description:
                          'Name of the pod that is to lead. Accepted: a DNS subdomain of 1 to 253 lower case letters, digits, "-" or ".".',
                        minLength: 1,
                        maxLength: 253,
                        pattern: '^[a-z0-9]+((-+|[.])[a-z0-9]+)*$',
                      },
                      requestId: {
                        type: 'string',
                        description:
                          'Any text that differs from that of the last request, such as a date. Accepted: 1 to 63 letters, digits, "-", "_", ".", ":" or "+".',
                        minLength: 1,
                        maxLength: 63,
                        pattern: '^[-A-Za-z0-9_.:+]+$',
                      },
                    },
                  },
                  historyLimit: {
                    type: 'integer',
                    format: 'int32',
                    description: 'How many changes of the leader status.history keeps. Accepted: 0 to 100.',
                    minimum: 0,
                    maximum: 100,
                    default: 10,
                  },
                },
              },
              status: {
                type: 'object',
                description: 'What is, written by the operator.',
                properties: {
                  observedGeneration: {
                    type: 'integer',
                    format: 'int64',
                    description: 'metadata.generation of the spec that this status is about.',
                  },
                  leaderServiceName: { type: 'string', description: 'Name of the leader Service.' },
                  leader: {
                    type: 'object',
                    description: 'The pod that is published; absent while nobody is.',
                    required: ['podName', 'podUID', 'epoch'],
                    properties: {
                      podName: { type: 'string', description: 'Name of the pod.' },
                      podUID: { type: 'string', description: 'metadata.uid of the pod.' },
                      podIP: {
                        type: 'string',
                        description: 'Its address, of the primary family of the leader Service.',
                      },
                      nodeName: { type: 'string', description: 'Its node.' },
                      zone: {
                        type: 'string',
                        description: 'Its zone, from its own label topology.kubernetes.io/zone.',
                      },
                      since: {
                        type: 'string',
                        format: 'date-time',
                        description: 'Since when it leads, RFC 3339 with microseconds.',
                      },
                      epoch: {
                        type: 'integer',
                        format: 'int64',
                        description:
                          'Number of this leadership; one more whenever another pod is published. It never goes back.',
                      },
                      reason: { type: 'string', description: 'Why it came to lead, one CamelCase word.' },
                    },
                  },
                  candidates: {
                    type: 'object',
                    description: 'How many pods there are to choose from.',
                    required: ['total', 'ready', 'eligible', 'summary'],
                    properties: {
                      total: {
                        type: 'integer',
                        format: 'int32',
                        description: 'Pods that the source Service selects.',
                      },
                      ready: {
                        type: 'integer',
                        format: 'int32',
                        description: 'Those of them that are Ready and not terminating.',
                      },
                      eligible: {
                        type: 'integer',
                        format: 'int32',
                        description: 'Those of them that may lead.',
                      },
                      summary: { type: 'string', description: 'Eligible and total, such as 2/3.' },
                    },
                  },
                  candidateDetails: {
                    type: 'array',
                    description: 'The first candidates in the order in which they would lead, at most 10.',
                    maxItems: 10,
                    'x-kubernetes-list-type': 'atomic',
                    items: {
                      type: 'object',
                      description: 'What became of one candidate.',
                      required: ['podName', 'eligible'],
                      properties: {
                        podName: { type: 'string', description: 'Name of the pod.' },
                        eligible: { type: 'boolean', description: 'Whether it may lead.' },
                        reason: {
                          type: 'string',
                          description: 'Why it may not lead, or why it stands where it does.',
                        },
                      },
                    },
                  },
                  failovers: {
                    type: 'integer',
                    format: 'int64',
                    description: 'How often the leader has changed; the first election does not count.',
                  },
                  history: {
                    type: 'array',
                    description: 'Changes of the leader, newest first, at most spec.historyLimit.',
                    maxItems: 100,
                    'x-kubernetes-list-type': 'atomic',
                    items: {
                      type: 'object',
                      description: 'One change of the leader.',
                      required: ['epoch', 'to', 'reason', 'time'],
                      properties: {
                        epoch: {
                          type: 'integer',
                          format: 'int64',
                          description: 'Number of the leadership that began.',
                        },
                        from: {
                          type: 'string',
                          description: 'Name of the pod that led before; absent for the first election.',
                        },
                        to: { type: 'string', description: 'Name of the pod that leads since.' },
                        reason: {
                          type: 'string',
                          description: 'Why the leader changed, one CamelCase word.',
                        },
                        time: {
                          type: 'string',
                          format: 'date-time',
                          description: 'When it changed, RFC 3339 with microseconds.',
                        },
                        durationMilliseconds: {
                          type: 'integer',
                          format: 'int64',
                          description:
                            'How long nobody led, from the loss of the old leader to the new one, milliseconds.',
                        },
                      },
                    },
                  },
                  switchover: {
                    type: 'object',
                    description: 'The last switchover that was handled.',
                    required: ['observedRequestId', 'phase'],
                    properties: {
                      observedRequestId: { type: 'string', description: 'Its spec.switchover.requestId.' },
                      phase: {
                        type: 'string',
                        description: 'Completed or Failed; Pending while handoverGapSeconds runs.',
                      },
                      message: { type: 'string', description: 'Why it failed, or what was done.' },
                    },
                  },
                  conditions: {
                    type: 'array',
                    description:
                      'Ready (exactly one endpoint is published), LeaderElected, PortsResolved, NameConflict, ForeignEndpoints and Paused; all of them are always there.',
                    maxItems: 32,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['type'],
                    items: {
                      type: 'object',
                      description: 'A condition, as Kubernetes defines it.',
                      required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
                      properties: {
                        type: {
                          type: 'string',
                          description: 'Type of the condition, CamelCase.',
                          maxLength: 316,
                          pattern:
                            '^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
                        },
                        status: {
                          type: 'string',
                          description: 'True, False or Unknown.',
                          enum: ['True', 'False', 'Unknown'],
                        },
                        observedGeneration: {
                          type: 'integer',
                          format: 'int64',
                          description: 'metadata.generation that the condition was set upon.',
                          minimum: 0,
                        },
                        lastTransitionTime: {
                          type: 'string',
                          format: 'date-time',
                          description: 'When the status of the condition changed last.',
                        },
                        reason: {
                          type: 'string',
                          description: 'Why, one CamelCase word.',
                          minLength: 1,
                          maxLength: 1024,
                          pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
                        },
                        message: {
                          type: 'string',
                          description: 'The same for people; may be empty.',
                          maxLength: 32768,
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
} as const;
