import { expect } from 'chai';
import { errorOfAnswer, parseRetryAfter } from '../../../src/kube/answer.ts';

const call = {
  verb: 'update',
  resource: 'endpointslices',
  path: '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/web',
};
const NOW = Date.parse('2026-01-01T00:00:00Z');

function errorFor(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): ReturnType<typeof errorOfAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return errorOfAnswer(call, { status, headers, text }, NOW);
}

describe('errorOfAnswer', () => {
  it('takes reason, message and causes from a Status', () => {
    const error = errorFor(403, {
      reason: 'Forbidden',
      message: 'namespace is being terminated',
      details: { causes: [{ reason: 'NamespaceTerminating', message: 'x', field: 'y' }, {}, null] },
    });
    expect(error).to.include({ code: 'ApiError', status: 403, reason: 'Forbidden' });
    expect(error.causes).to.deep.equal(['NamespaceTerminating']);
    expect(error.message).not.to.match(/grant/);
  });

  it('names verb, resource, namespace and name', () => {
    expect(errorFor(409, { reason: 'Conflict', message: 'the object has been modified' }).message).to.equal(
      'cannot update endpointslices shop/web: 409 Conflict: the object has been modified',
    );
  });

  it('says what to grant where the user lacks a right', () => {
    const list = { verb: 'list', resource: 'pods', path: '/api/v1/namespaces/shop/pods' };
    const message =
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"';
    const text = JSON.stringify({ reason: 'Forbidden', message });
    expect(errorOfAnswer(list, { status: 403, headers: {}, text }, NOW).message).to.equal(
      `cannot list pods in namespace shop: grant the verb "list" on "pods" in a Role or ClusterRole (403 Forbidden: ${message})`,
    );
  });

  it('does not ask for a right where admission forbids', () => {
    const message =
      'services "web-leader" is forbidden: exceeded quota: full, requested: services=1, used: services=9';
    expect(errorFor(403, { reason: 'Forbidden', message }).message).to.match(
      /web: 403 Forbidden: services "web-leader"/,
    );
  });

  it('makes the most of the page of a proxy: one line, cut short', () => {
    const error = errorFor(502, `<html>\n<h1>Bad\tGateway</h1>\n${'x'.repeat(1000)}`);
    expect(error).to.include({ status: 502, reason: 'BadGateway' });
    expect(error.message).to.match(/: 502 BadGateway: <html> <h1>Bad Gateway<\/h1> x+$/);
    expect(error.message.length).to.be.below(300);
  });

  it('does with an empty body, with JSON that is no object and with an unknown status', () => {
    expect(errorFor(503, '').message).to.match(/: 503 ServiceUnavailable$/);
    expect(errorFor(500, 'null').reason).to.equal('InternalServerError');
    expect(errorFor(500, { reason: 7, message: {}, details: { causes: 'x' } }).causes).to.deep.equal([]);
    expect(errorFor(599, '').reason).to.equal('Unknown');
  });

  it('reads Retry-After from the header first, then from the Status', () => {
    const body = { details: { retryAfterSeconds: 7 } };
    expect(errorFor(429, body, { 'retry-after': '2' }).retryAfterMs).to.equal(2_000);
    expect(errorFor(503, body).retryAfterMs).to.equal(7_000);
    expect(errorFor(503, body, { 'retry-after': 'soon' }).retryAfterMs).to.equal(7_000);
    expect(errorFor(500, '').retryAfterMs).to.equal(undefined);
  });
});

describe('parseRetryAfter', () => {
  const cases: [value: string, ms: number | undefined][] = [
    ['1', 1_000],
    [' 30 ', 30_000],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['later', undefined],
    ['', undefined],
  ];
  for (const [value, ms] of cases) {
    it(`reads "${value}" as ${String(ms)}`, () => {
      expect(parseRetryAfter(value, NOW)).to.equal(ms);
    });
  }
});
