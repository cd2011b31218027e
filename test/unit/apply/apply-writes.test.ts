import { expect } from 'chai';
import { Applier, type Applied, type Outcome } from '../../../src/apply/apply-writes.ts';
import { UnreachableError } from '../../../src/errors.ts';
import type { Write } from '../../../src/plan/types.ts';
import { apiError, FakeClient } from '../../support/fake-client.ts';

const SERVICES = '/api/v1/namespaces/shop/services';
const SLICES = '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices';
const BODY = { metadata: { name: 'x' } };

const PUT: Write = { kind: 'putSlice', name: 's', resourceVersion: '7', body: BODY };
const CREATE_SLICE: Write = { kind: 'createSlice', name: 's', body: BODY };
const DELETE_SLICE: Write = { kind: 'deleteSlice', name: 's', uid: 'u' };
const CREATE: Write = { kind: 'createService', name: 'web-leader', body: BODY };
const PATCH: Write = { kind: 'patchService', name: 'web-leader', patch: BODY };
const DELETE: Write = { kind: 'deleteService', name: 'web-leader', uid: 'u' };
const ALL = [PUT, CREATE_SLICE, DELETE_SLICE, CREATE, PATCH, DELETE];

const CONFLICT = apiError(409, 'Conflict');
const EXISTS = apiError(409, 'AlreadyExists');
const NOT_FOUND = apiError(404, 'NotFound');
const TERMINATING = apiError(403, 'Forbidden', { causes: ['NamespaceTerminating'] });

/** Applies writes to an API server with the given answers; the cache has resourceVersion 7 of everything. */
async function apply(
  writes: readonly Write[],
  ...answers: unknown[]
): Promise<{ client: FakeClient; outcome: Applied; heard: unknown[] }> {
  const client = new FakeClient(...answers);
  const heard: unknown[] = [];
  const applier = new Applier(client, {
    versionOf: (resource, key) => `${resource} ${key} 7`,
    onObject: (resource, raw) => heard.push([resource, raw]),
    onGone: (resource, key, seen) => heard.push(['gone', resource, key, seen]),
  });
  return { outcome: await applier.apply('shop', writes), client, heard };
}

describe('A write', () => {
  const cases: readonly [Write, Record<string, unknown>][] = [
    [PUT, { verb: 'update', path: `${SLICES}/s`, body: BODY, urgent: true }],
    [CREATE_SLICE, { verb: 'create', path: SLICES, body: BODY, urgent: true }],
    [
      DELETE_SLICE,
      { verb: 'delete', path: `${SLICES}/s`, body: { preconditions: { uid: 'u' } }, urgent: true },
    ],
    [CREATE, { verb: 'create', path: SERVICES, body: BODY, urgent: false }],
    [
      PATCH,
      {
        verb: 'patch',
        path: `${SERVICES}/web-leader`,
        body: BODY,
        contentType: 'application/merge-patch+json',
        // It holds the key of a leader that may be lost meanwhile.
        urgent: true,
      },
    ],
    [
      DELETE,
      {
        verb: 'delete',
        path: `${SERVICES}/web-leader`,
        body: { preconditions: { uid: 'u' } },
        urgent: false,
      },
    ],
  ];
  for (const [write, call] of cases) {
    it(`${write.kind} is one call, with a time-out`, async () => {
      const { client, outcome } = await apply([write]);
      const resource = write.kind.endsWith('Slice') ? 'endpointslices' : 'services';
      expect(client.calls).to.deep.equal([{ ...call, resource, timeoutMs: 5_000 }]);
      expect(outcome).to.deep.equal({ kind: 'done', written: 1 });
    });
  }

  it('puts what the API server answers into the cache', async () => {
    const { heard } = await apply([PUT, CREATE], { is: 'a slice' }, { is: 'a Service' });
    expect(heard).to.deep.equal([
      ['endpointslices', { is: 'a slice' }],
      ['services', { is: 'a Service' }],
    ]);
  });
});

describe('A deletion', () => {
  const gone = ['gone', 'services', 'shop/web-leader', 'services shop/web-leader 7'];
  const answers: readonly [string, unknown, unknown][] = [
    ['a Status', { kind: 'Status', status: 'Success' }, gone],
    ['the object', { kind: 'Service', metadata: { name: 'web-leader' } }, gone],
    ['the object with no finalizer left', { kind: 'Service', metadata: { finalizers: [] } }, gone],
    ['nothing that is an object', null, gone],
    [
      'the object, which finalizers hold',
      { kind: 'Service', metadata: { finalizers: ['x'] } },
      ['services', { kind: 'Service', metadata: { finalizers: ['x'] } }],
    ],
  ];
  for (const [what, answer, expected] of answers) {
    it(`answered with ${what} ${expected === gone ? 'takes it out of the cache' : 'keeps it'}`, async () => {
      const { heard, outcome } = await apply([DELETE], answer);
      expect(heard).to.deep.equal([expected]);
      expect(outcome.kind).to.equal('done');
    });
  }

  it('of a slice that finalizers hold keeps it', async () => {
    const answer = { kind: 'EndpointSlice', metadata: { finalizers: ['x'] } };
    expect((await apply([DELETE_SLICE], answer)).heard).to.deep.equal([['endpointslices', answer]]);
  });
});

describe('Somebody was first', () => {
  for (const write of ALL) {
    const [resource, path] = write.kind.endsWith('Slice')
      ? ['endpointslices', `${SLICES}/s`]
      : ['services', `${SERVICES}/web-leader`];
    for (const error of [CONFLICT, EXISTS, NOT_FOUND]) {
      it(`at ${write.kind} (${error.reason}): the fresh object is read at once`, async () => {
        const { client, heard, outcome } = await apply([write], error, { fresh: true });
        expect(client.calls[1]).to.deep.equal({
          verb: 'get',
          resource,
          path,
          urgent: true,
          timeoutMs: 5_000,
        });
        expect(client.calls).to.have.length(2);
        expect(heard).to.deep.equal([[resource, { fresh: true }]]);
        expect(outcome).to.deep.equal({ kind: 'conflict', written: 0 });
      });
    }
  }

  it('and the object is gone', async () => {
    const { heard, outcome } = await apply([PUT], CONFLICT, NOT_FOUND);
    expect(heard).to.deep.equal([['gone', 'endpointslices', 'shop/s', 'endpointslices shop/s 7']]);
    expect(outcome.kind).to.equal('conflict');
  });

  it('and the object cannot be read', async () => {
    const error = apiError(503, 'ServiceUnavailable');
    const { heard, outcome } = await apply([PUT], CONFLICT, error);
    expect(heard).to.deep.equal([]);
    expect(outcome).to.deep.equal({ kind: 'failed', error, written: 0 });
  });
});

describe('A write that fails', () => {
  const INVALID = apiError(422, 'Invalid');
  const UNREACHABLE = new UnreachableError('dropped', 'lost the connection');
  const cases: readonly [string, Error, Outcome][] = [
    ['a value that is refused', INVALID, { kind: 'failed', error: INVALID }],
    ['no answer', UNREACHABLE, { kind: 'failed', error: UNREACHABLE }],
    ['a namespace that is being deleted', TERMINATING, { kind: 'terminating' }],
    [
      'a right that is missing',
      apiError(403, 'Forbidden'),
      { kind: 'failed', error: apiError(403, 'Forbidden') },
    ],
  ];
  for (const [what, error, expected] of cases) {
    it(`for ${what} is ${expected.kind}, and nothing is read`, async () => {
      const { client, outcome, heard } = await apply([CREATE_SLICE], error);
      expect(outcome.kind).to.equal(expected.kind);
      if (outcome.kind === 'failed') expect(outcome.error).to.equal(error);
      expect(client.calls).to.have.length(1);
      expect(heard).to.deep.equal([]);
    });
  }

  it('ends the plan, and tells how many were through', async () => {
    const { client, outcome } = await apply([PUT, PATCH, DELETE], {}, INVALID);
    expect(client.said).to.deep.equal([`update ${SLICES}/s`, `patch ${SERVICES}/web-leader`]);
    expect(outcome).to.deep.equal({ kind: 'failed', error: INVALID, written: 1 });
  });

  it('for an answer that cannot be understood is failed', async () => {
    const error = new Error('no metadata');
    const applier = new Applier(new FakeClient({}), {
      versionOf: () => undefined,
      onObject: () => {
        throw error;
      },
      onGone: () => undefined,
    });
    expect(await applier.apply('shop', [PUT])).to.deep.equal({ kind: 'failed', error, written: 0 });
  });
});

describe('The writes of a plan', () => {
  it('are done one after the other', async () => {
    const first = Promise.withResolvers<object>();
    const client = new FakeClient(first.promise, {});
    const applier = new Applier(client, {
      versionOf: () => undefined,
      onObject: () => undefined,
      onGone: () => undefined,
    });
    const applied = applier.apply('shop', [PUT, PATCH]);
    expect(client.calls).to.have.length(1);
    first.resolve({});
    expect(await applied).to.deep.equal({ kind: 'done', written: 2 });
    expect(client.calls).to.have.length(2);
  });
});
