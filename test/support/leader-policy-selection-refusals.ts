import {
  API,
  entries,
  KEYS,
  LABEL_TEXT,
  longest,
  refusalsOf,
  withFollowed,
  withPreference,
  withSelection,
  zones,
} from './leader-policy-specs.ts';
import type { RefusedCase, Row } from './leader-policy-specs.ts';

/** What holds for the labels of every selector. */
const OF_LABELS = (whose: string): Row[] => [
  [`too many labels ${whose}`, entries(33), '32 labels', API.many],
  [`a label value ${whose} that is none`, { a: 'b c' }, LABEL_TEXT, API.form],
  [`a label value ${whose} that is too long`, { a: longest(64) }, 'at most 63', API.long],
  [`a label key ${whose} that is none`, { '-': '' }, KEYS],
];

const FOLLOW = 'required with strategy FollowLabel, and accepted only with it';
const THE_LABEL = 'with strategy FollowLabel the label decides';
const OF_FOLLOW_LABEL: readonly RefusedCase[] = [
  ...refusalsOf('spec.selection.followLabel', withSelection, [
    ['FollowLabel without a label', { strategy: 'FollowLabel' }, FOLLOW],
    ['a label to follow without FollowLabel', { followLabel: { matchLabels: { role: 'primary' } } }, FOLLOW],
    [
      'a label to follow that is not given',
      { strategy: 'FollowLabel', followLabel: {} },
      'matchLabels: it is required',
      API.required,
    ],
  ]),
  ...refusalsOf('spec.selection.followLabel.matchLabels', withFollowed, [
    ['a label to follow without labels', {}, '1 to 32 labels', API.few],
    ...OF_LABELS('to follow'),
  ]),
  ...refusalsOf('spec.selection', (more: object) => withFollowed({ role: 'primary' }, more), [
    ['FollowLabel that is not sticky', { sticky: false }, `${THE_LABEL}; accepted is true`],
    [
      'FollowLabel with preferences',
      { preferences: [{ weight: 1, zones: ['a'] }] },
      `${THE_LABEL}; accepted are no preferences`,
    ],
    ['FollowLabel with a readiness time', { minReadySeconds: 1 }, `${THE_LABEL}; accepted is 0`],
  ]),
  ...refusalsOf(
    'spec.switchover',
    (switchover: object) => ({ ...withFollowed({ role: 'primary' }), switchover }),
    [
      [
        'FollowLabel with a switchover',
        { podName: 'a', requestId: '1' },
        'with strategy FollowLabel the application chooses',
      ],
    ],
  ),
];

const PREFERENCE = 'spec.selection.preferences[0]';
const NOTHING = 'podSelector with at least one label, or zones with at least one zone, is required';
const OF_PREFERENCES: readonly RefusedCase[] = [
  ...refusalsOf('spec.selection.preferences', (preferences: object) => withSelection({ preferences }), [
    [
      'too many preferences',
      zones(33).map((zone) => ({ weight: 1, zones: [zone] })),
      'at most 32 preferences',
      API.many,
    ],
  ]),
  ...refusalsOf(
    `${PREFERENCE}.weight`,
    (it: object) => withSelection({ preferences: [{ zones: ['a'], ...it }] }),
    [
      ['a preference without a weight', {}, 'it is required; accepted is 1 to 100', API.required],
      ['weight 0', { weight: 0 }, 'accepted is 1 to 100', API.low],
      ['weight 101', { weight: 101 }, 'accepted is 1 to 100', API.high],
    ],
  ),
  ...refusalsOf(PREFERENCE, withPreference, [
    ['a preference for nothing', {}, NOTHING],
    ['a preference for no label and no zone', { podSelector: { matchLabels: {} }, zones: [] }, NOTHING],
    [
      'a pod selector without labels',
      { podSelector: {} },
      'podSelector.matchLabels: it is required',
      API.required,
    ],
    ['too many zones', { zones: zones(33) }, 'at most 32 different zones', API.many],
    ['a zone that is there twice', { zones: ['a', 'a'] }, 'accepted is each zone once', 'Duplicate value'],
    ['an empty zone', { zones: [''] }, LABEL_TEXT, API.empty],
    ['a zone with a space', { zones: ['a b'] }, LABEL_TEXT, API.form],
    ['a zone that is too long', { zones: [longest(64)] }, '1 to 63', API.long],
  ]),
  ...refusalsOf(
    `${PREFERENCE}.podSelector.matchLabels`,
    (matchLabels: object) => withPreference({ podSelector: { matchLabels } }),
    OF_LABELS('of a preference'),
  ),
];

const ANNOTATION = 'accepted is an annotation key';
export const OF_SELECTION: readonly RefusedCase[] = [
  ...refusalsOf('spec.selection.strategy', (strategy: string) => withSelection({ strategy }), [
    [
      'an unknown strategy, as of a newer CRD',
      'Newest',
      '"Newest" is not accepted; accepted are OldestReady, Ordinal, Priority, FollowLabel',
      '"OldestReady", "Ordinal", "Priority", "FollowLabel"',
    ],
  ]),
  ...refusalsOf('spec.selection.sticky', (sticky: string) => withSelection({ sticky }), [
    ['sticky that is a text', 'false', '"false" is not accepted; accepted are true, false', API.type],
  ]),
  ...refusalsOf(
    'spec.selection.minReadySeconds',
    (value: number) => withSelection({ minReadySeconds: value }),
    [
      ['a negative readiness time', -1, '-1 is not accepted; accepted is 0 to 86400', API.low],
      ['a readiness time of more than a day', 86401, 'accepted is 0 to 86400', API.high],
    ],
  ),
  ...refusalsOf('spec.selection.priority', withSelection, [
    ['priority without its strategy', { priority: {} }, 'accepted only with strategy Priority'],
  ]),
  ...refusalsOf(
    'spec.selection.priority.annotation',
    (annotation: string) => withSelection({ strategy: 'Priority', priority: { annotation } }),
    [
      ['an empty priority annotation', '', ANNOTATION, API.empty],
      ['a priority annotation with a space', 'a b', ANNOTATION, API.form],
      ['a priority annotation that is too long', `${longest(250)}/abc`, ANNOTATION, API.long],
    ],
  ),
  ...OF_FOLLOW_LABEL,
  ...OF_PREFERENCES,
  ...refusalsOf('spec.selection.exclude.matchLabels', (exclude: object) => withSelection({ exclude }), [
    ['excluded pods that are not given', {}, 'it is required', API.required],
  ]),
  ...refusalsOf(
    'spec.selection.exclude.matchLabels',
    (matchLabels: object) => withSelection({ exclude: { matchLabels } }),
    [['excluded pods without labels', {}, '1 to 32 labels', API.few], ...OF_LABELS('of excluded pods')],
  ),
];
