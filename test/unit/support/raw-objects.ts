/** What every object of the API server has. */
export const metadata = {
  namespace: 'shop',
  name: 'web-1',
  uid: 'u1',
  resourceVersion: '42',
  creationTimestamp: '2026-01-01T00:00:00Z',
};
export const CREATED = Date.parse('2026-01-01T00:00:00Z');
/** What projections keep of `metadata`. */
export const kept = {
  namespace: 'shop',
  name: 'web-1',
  uid: 'u1',
  resourceVersion: '42',
  createdAt: CREATED,
  deleting: false,
  labels: {},
};
