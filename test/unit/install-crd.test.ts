import { expect } from 'chai';
import { LEADER_POLICY_CRD } from '../../src/api/leader-policy-crd.ts';
import { UnreachableError } from '../../src/errors.ts';
import { installCrd } from '../../src/install-crd.ts';
import type { LogFields, Logger } from '../../src/logger.ts';
import { apiError, FakeClient } from '../support/fake-client.ts';
import { FakeClock } from '../support/fake-clock.ts';

const APPLIED = 'patch /apis/apiextensions.k8s.io/v1/customresourcedefinitions/leaderpolicies.zen-lead.io';
const DISCOVERED = 'get /apis/zen-lead.io/v1alpha1';

describe('--install-crd', () => {
  let clock: FakeClock;
  let abort: AbortController;
  let logged: { level: string; message: string; fields: LogFields }[];
  let done: boolean;

  beforeEach(() => {
    clock = new FakeClock();
    abort = new AbortController();
    logged = [];
    done = false;
  });

  /** Until it waits for time to pass, or ends. */
  async function start(client: FakeClient): Promise<void> {
    const at = (level: keyof Logger) => {
      return (message: string, fields: LogFields = {}): void => {
        logged.push({ level, message, fields });
      };
    };
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    void installCrd({ client, log, clock, signal: abort.signal }).then(() => (done = true));
    await clock.advance(0);
  }

  it('applies the CustomResourceDefinition, whoever owns its fields, and sees that it is served', async () => {
    const client = new FakeClient();
    await start(client);
    expect([done, client.said]).to.deep.equal([true, [APPLIED, DISCOVERED]]);
    expect(client.calls[0]).to.deep.include({
      query: { fieldManager: 'zen-lead', force: true },
      contentType: 'application/apply-patch+yaml',
      body: LEADER_POLICY_CRD,
    });
    expect(logged.map(({ level }) => level)).to.deep.equal(['info']);
  });

  it('waits until it is served', async () => {
    const client = new FakeClient({}, apiError(404, 'NotFound'), apiError(503, 'ServiceUnavailable'));
    await start(client);
    await clock.advance(399);
    expect([done, client.said]).to.deep.equal([false, [APPLIED, DISCOVERED, DISCOVERED]]);
    await clock.advance(1);
    expect([done, client.said.length]).to.deep.equal([true, 4]);
  });

  it('waits for an API server that is away', async () => {
    const away = new UnreachableError('refused', 'no connection');
    const client = new FakeClient(away, apiError(429, 'TooManyRequests'));
    await start(client);
    await clock.advance(400);
    expect([done, client.said]).to.deep.equal([true, [APPLIED, APPLIED, APPLIED, DISCOVERED]]);
  });

  const refusals: [number, string][] = [
    [403, 'Forbidden'],
    [422, 'Invalid'],
    [409, 'Conflict'],
  ];
  for (const [status, reason] of refusals) {
    it(`does without, and says what to do, after ${status} ${reason}`, async () => {
      const client = new FakeClient(apiError(status, reason));
      await start(client);
      expect([done, client.said, clock.timers]).to.deep.equal([true, [APPLIED], 0]);
      expect(logged).to.have.lengthOf(1);
      expect(logged[0]).to.include({ level: 'warn' });
      expect(logged[0]?.message).to.include('kubectl').and.to.include('grant create and patch');
      expect(logged[0]?.fields).to.include({ error: `${status} ${reason}` });
    });
  }

  it('does without, after 10 s, where nothing comes of it', async () => {
    const client = new FakeClient({}, ...Array<Error>(100).fill(apiError(404, 'NotFound')));
    await start(client);
    await clock.advance(9_799);
    expect(done).to.equal(false);
    await clock.advance(201);
    expect([done, logged.map(({ level }) => level)]).to.deep.equal([true, ['warn']]);
  });

  it('ends without a word when the operator ends', async () => {
    await start(new FakeClient(...Array<Error>(100).fill(apiError(503, 'ServiceUnavailable'))));
    await clock.advance(300);
    abort.abort(new Error('stopped'));
    await clock.advance(0);
    expect([done, logged, clock.timers]).to.deep.equal([true, [], 0]);
  });
});
