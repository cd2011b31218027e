import { expect } from 'chai';
import type { StatusUpdate } from '../../../src/plan/types.ts';
import { apiError } from '../../support/fake-client.ts';
import {
  annotated,
  happened,
  KEY,
  report,
  ReporterUnderTest,
  state,
  status,
} from '../../support/reporter.ts';

const PATH = '/apis/zen-lead.io/v1alpha1/namespaces/shop/leaderpolicies/pg';
const CONFLICT = apiError(409, 'Conflict');
const GONE = apiError(404, 'NotFound');

describe('The status of a policy', () => {
  it('is one patch of the policy that it was made from; the answer goes into the cache', async () => {
    const world = new ReporterUnderTest();
    world.client.answer({ the: 'LeaderPolicy' });
    await world.report(report({ statuses: [status(1)] }));
    expect(world.client.calls).to.deep.equal([
      {
        verb: 'patch',
        resource: 'leaderpolicies',
        path: `${PATH}/status`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { uid: 'uid-pg', resourceVersion: '7' }, status: { failovers: 1 } },
      },
    ]);
    expect(world.answers).to.deep.equal([['leaderpolicies', { the: 'LeaderPolicy' }]]);
    expect(world.stale).to.deep.equal([]);
  });

  it('goes out before the Events and the annotations, and of several the last word', async () => {
    const world = new ReporterUnderTest();
    const sent = await world.report(
      annotated('a', { statuses: [status(1)], happened: [happened('one')], states: [state('taken')] }),
      report({ statuses: [status(2)], states: [state('taken')] }),
    );
    expect(sent).to.deep.equal(['status {"failovers":2}', 'one', 'taken', 'annotations a']);
  });

  it('of each policy goes out', async () => {
    const world = new ReporterUnderTest();
    const other = { ...status(5), policy: { ...status(5).policy, uid: 'uid-other' } };
    const sent = await world.report(report({ statuses: [status(1), other] }));
    expect(sent).to.deep.equal(['status {"failovers":1}', 'status {"failovers":5}']);
  });

  it('keeps why a switchover failed, which later plans do not know, until it is written', async () => {
    const world = new ReporterUnderTest();
    const told = (message: string, observedRequestId = 'a'): StatusUpdate => ({
      ...status(0),
      patch: { switchover: { observedRequestId, phase: 'Failed', message } },
    });
    const wrote = (message: string, id = 'a'): string => `status ${JSON.stringify(told(message, id).patch)}`;
    const [why, later] = [
      report({ statuses: [told('why')] }),
      report({ statuses: [told('see the Events')] }),
    ];
    expect(await world.report(why, later)).to.deep.equal([wrote('why')]);
    expect(await world.report(later)).to.deep.equal([wrote('see the Events')]);

    world.policyVersion = '8';
    expect(await world.report(why)).to.deep.equal([]);
    world.policyVersion = '7';
    expect(await world.report(later)).to.deep.equal([wrote('why')]);

    const other = report({ statuses: [told('another', 'b')] });
    expect(await world.report(why, other)).to.deep.equal([wrote('another', 'b')]);
  });

  it('waits while slices are being written', async () => {
    const world = new ReporterUnderTest();
    world.busy = true;
    expect(await world.report(report({ statuses: [status(1)] }))).to.deep.equal([]);
    world.busy = false;
    await world.clock.advance(20);
    expect(world.sent).to.deep.equal(['status {"failovers":1}']);
  });
});

describe('A status that is no longer about the newest policy', () => {
  it('is not sent where the cache says so: it is made again', async () => {
    const world = new ReporterUnderTest();
    world.policyVersion = '8';
    expect(await world.report(report({ statuses: [status(1)], happened: [happened('one')] }))).to.deep.equal([
      'one',
    ]);
    expect(world.stale).to.deep.equal([KEY]);
    expect(world.failed).to.deep.equal([]);
  });

  it('that the API server refuses is made again from what it has', async () => {
    const world = new ReporterUnderTest();
    world.client.answer(CONFLICT, { fresh: 'LeaderPolicy' });
    expect(await world.report(report({ statuses: [status(1)] }))).to.deep.equal([
      'status {"failovers":1}',
      'read the policy',
    ]);
    expect(world.client.said.at(-1)).to.equal(`get ${PATH}`);
    expect(world.answers).to.deep.equal([['leaderpolicies', { fresh: 'LeaderPolicy' }]]);
    expect(world.stale).to.deep.equal([KEY]);
    expect(world.failed).to.deep.equal([]);
  });

  for (const [when, answers] of [
    ['before', [GONE]],
    ['while it was refused', [CONFLICT, GONE]],
  ] as const) {
    it(`of a policy that was deleted ${when} has nobody to be told`, async () => {
      const world = new ReporterUnderTest();
      world.client.answer(...answers);
      await world.report(report({ statuses: [status(1)], happened: [happened('one')] }));
      expect(world.stale).to.deep.equal([]);
      expect(world.failed).to.deep.equal([]);
    });
  }
});

describe('A status that cannot be written', () => {
  for (const code of [400, 403, 422]) {
    it(`by ${code} holds up nothing else, and is not tried for ever`, async () => {
      const world = new ReporterUnderTest();
      world.troubles.push(apiError(code, 'Refused'));
      const sent = await world.report(annotated('a', { statuses: [status(1)], happened: [happened('one')] }));
      expect(sent).to.deep.equal(['status {"failovers":1}', 'one', 'annotations a']);
      expect(world.failed).to.deep.equal([]);
    });
  }

  it('is tried again later, and the Events with it', async () => {
    const world = new ReporterUnderTest();
    world.troubles.push(apiError(500, 'InternalError'));
    await world.report(report({ statuses: [status(1)], happened: [happened('one')] }));
    expect(world.failed).to.deep.equal([KEY]);
    expect(await world.report(report({ statuses: [status(1)] }))).to.deep.equal([
      'status {"failovers":1}',
      'one',
    ]);
  });
});
