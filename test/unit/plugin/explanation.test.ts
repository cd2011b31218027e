import { expect } from 'chai';
import { LEADER_REASONS } from '../../../src/api/reasons.ts';
import { ANNOTATION } from '../../../src/names.ts';
import { explanationText } from '../../../src/plugin/commands/explain.ts';
import { explanationOf, WHY } from '../../../src/plugin/explanation.ts';
import {
  endpoint,
  HTTP,
  leaderOf,
  memoryOf,
  MINUTE,
  NOW,
  pod,
  SECOND,
  service,
  slice,
} from '../../support/builders.ts';
import { pictureWith, type Objects } from '../../support/plugin.ts';
import { policy } from '../../support/policy-builder.ts';

const WEB = service('web').build();
const LEADER = leaderOf(WEB).build();
const [A, B] = [
  pod('web-a').build(),
  pod('web-b')
    .ready(NOW - 5 * MINUTE)
    .build(),
];
/** web-a leads. */
const LED = slice(LEADER).holding(endpoint(A)).ports(HTTP).remembering(memoryOf(A)).build();

const verdict = (objects: Objects): string => explanationOf(pictureWith(objects)).verdict;

describe('what is explained', () => {
  const quiet = { services: [WEB, LEADER], pods: [A, B], slices: [LED] };

  it('of a leader that may lead: it stays, and nothing but what is told is written', () => {
    const explained = explanationOf(pictureWith(quiet));
    expect(explained.verdict).to.equal('pod web-a leads, and stays: it may lead, and the leader is sticky');
    expect(explained).to.include({ leadsNow: 'web-a', wouldLead: 'web-a' });
    expect(explained.candidates.map((each) => `${each.pod} ${each.reason} ${each.because}`)).to.deep.equal([
      'web-a Leader Ready for 1h',
      'web-b Standby Ready for 5m',
    ]);
    expect(explained.writes).to.deep.equal(['annotate Service web-leader with who leads']);
  });

  it('of a leader that is not Ready: who follows, and the write', () => {
    const ill = pod('web-a')
      .notReady(NOW - SECOND)
      .build();
    const explained = explanationOf(pictureWith({ ...quiet, pods: [ill, B] }));
    expect(explained.verdict).to.equal('pod web-b would lead instead of web-a: web-a is not Ready');
    expect(explained.writes[0]).to.equal(
      'update EndpointSlice web-leader-zen-lead-ipv4: endpoint 10.0.0.1 (pod web-b)',
    );
    expect(explained.candidates.map(({ pod: name, mayLead }) => [name, mayLead])).to.deep.equal([
      ['web-b', true],
      ['web-a', false],
    ]);
  });

  it('of a leader that came back under its name as another pod: it is not the leader', () => {
    const again = pod('web-a').uid('another').ready(NOW).build();
    const explained = explanationOf(pictureWith({ ...quiet, pods: [again] }));
    expect(explained.verdict).to.equal('pod web-a would lead instead of web-a: web-a is gone');
    expect(explained.candidates[0]?.reason).to.equal('Standby');
  });

  it('of a grace: the leader is kept, and for how long', () => {
    const patient = service('web')
      .annotated({ [ANNOTATION.failoverMinDelay]: '30s' })
      .build();
    const ill = pod('web-a')
      .notReady(NOW - 10 * SECOND)
      .build();
    expect(verdict({ ...quiet, services: [patient, LEADER], pods: [ill, B] })).to.equal(
      'pod web-a is not Ready, and is kept in its grace, for 20s more',
    );
  });

  it('of nobody who may lead: why', () => {
    const explained = explanationOf(pictureWith({ ...quiet, pods: [pod('web-a').notReady().build()] }));
    expect(explained.verdict).to.match(/^nobody would lead: no pod may lead: web-a is not Ready; /);
    expect(explained.problems.map(({ reason }) => reason)).to.deep.equal(['NoReadyPods']);
    expect(explained.writes[0]).to.match(/: no endpoint$/);
  });

  it('of a leader Service that is not made yet: all that would be made', () => {
    const explained = explanationOf(pictureWith({ services: [WEB], pods: [A, B] }));
    expect(explained.verdict).to.equal(
      'pod web-a would lead: it is the first by OldestReady of those that may',
    );
    expect(explained.writes.slice(0, 2)).to.deep.equal([
      'create Service web-leader',
      'create EndpointSlice web-leader-zen-lead-ipv4 with endpoint 10.0.0.1 (pod web-a)',
    ]);
  });

  it('of a pause: the leader stays, whoever comes', () => {
    const paused = service('web')
      .annotated({ [ANNOTATION.paused]: 'true' })
      .build();
    expect(verdict({ ...quiet, services: [paused, LEADER] })).to.equal(
      'pod web-a leads, and stays: the leader is paused',
    );
  });

  it('of a switchover that is asked for, and of one that fails', () => {
    const asking = (to: string): Objects => ({
      ...quiet,
      services: [
        service('web')
          .annotated({ [ANNOTATION.switchoverTo]: to })
          .build(),
        LEADER,
      ],
    });
    expect(verdict(asking('web-b'))).to.match(/^pod web-b would lead instead of web-a: .* as asked for$/);
    const failed = explanationOf(pictureWith(asking('web-9')));
    expect(failed.wouldLead).to.equal('web-a');
    expect(failed.problems[0]?.note).to.contain('switchover to web-9 failed');
  });

  it('of a name that is taken: nothing is done', () => {
    const stranger = service('web-leader').with({ annotations: {} }).build();
    expect(verdict({ services: [WEB, stranger], pods: [A] })).to.match(
      /^nothing would be done: Service "web-leader" exists/,
    );
  });

  it('of a handover gap: nobody, and for how long', () => {
    const asked = policy().failover({ handoverGapSeconds: 30 }).switchover('web-b', '1').build();
    const plain = service('web').with({ annotations: {} }).build();
    const made = leaderOf(WEB)
      .ownedBy({
        apiVersion: 'zen-lead.io/v1alpha1',
        kind: 'LeaderPolicy',
        name: 'lp',
        uid: 'uid-lp',
        controller: true,
      })
      .build();
    expect(verdict({ services: [plain, made], pods: [A, B], slices: [LED], policies: [asked] })).to.equal(
      'nobody would lead for 30s more: handoverGapSeconds runs between two leaders',
    );
  });

  it('is text in the end, with what would be written', () => {
    const layout = { wide: true, colours: false };
    const text = explanationText(explanationOf(pictureWith({ services: [WEB], pods: [A] })), layout);
    expect(text).to.match(
      /^shop\/web-leader, by the annotations of Service web:\n {2}pod web-a would lead: .*\.\n/,
    );
    expect(text).to.contain('  POD     MAY LEAD   REASON    BECAUSE        NODE     ZONE     ADDRESSES\n');
    expect(text).to.match(
      /zen-lead would write \(nothing was written now\)\n {2}create Service web-leader\n/,
    );
  });
});

describe('why a pod leads', () => {
  it('is said for each reason of the code', () => {
    expect(Object.keys(WHY)).to.have.members([...LEADER_REASONS]);
  });
});
