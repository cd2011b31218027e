import { expect } from 'chai';
import { readRule } from '../../e2e/measure/rules.ts';

const SERVICE = { namespace: 'shop', name: 'postgres-leader' };
const to = (service: string, ...endpoints: string[]): string => {
  const targets = endpoints.map((address, index) => `${index} : ${address.replace('/', ' . ')}`).join(', ');
  const target =
    endpoints.length === 1
      ? `to ${endpoints[0]!.replace('/', ':')}`
      : `ip to numgen random mod ${endpoints.length} map { ${targets} }`;
  return `add rule ip kube-proxy service-4AT6LBPK-${service} meta l4proto tcp dnat ${target}`;
};

describe("kube-proxy's rules", () => {
  for (const [title, line, address] of [
    ['a rule of the Service', to('shop/postgres-leader/tcp/', '10.244.0.6/5432'), '10.244.0.6'],
    ['with a port name', to('shop/postgres-leader/tcp/sql', '10.244.0.6/5432'), '10.244.0.6'],
    ['of another Service', to('shop/postgres/tcp/', '10.244.0.6/5432'), undefined],
    ['of another namespace', to('bank/postgres-leader/tcp/', '10.244.0.6/5432'), undefined],
    ['to two pods', to('shop/postgres-leader/tcp/', '10.244.0.6/5432', '10.244.0.7/5432'), undefined],
    [
      'taken away',
      to('shop/postgres-leader/tcp/', '10.244.0.6/5432').replace('add rule', 'delete rule'),
      undefined,
    ],
    [
      'that marks for masquerading',
      'add rule ip kube-proxy service-4AT6LBPK-shop/postgres-leader/tcp/ ip daddr 10.96.0.7 tcp dport 5432 jump mark-for-masquerade',
      undefined,
    ],
    ['something else', '# new generation 3 by process 15655 (nft)', undefined],
  ] as const) {
    it(`${title}: ${address ?? 'says nothing'}`, () => {
      expect(readRule(line, 7, SERVICE)).to.deep.equal(
        address === undefined ? undefined : { what: 'rules', at: 7, address },
      );
    });
  }

  it('of IPv6, too', () => {
    const line = to('shop/postgres-leader/tcp/', '[fd00:10:244::6]/5432').replace('rule ip ', 'rule ip6 ');
    expect(readRule(line, 7, SERVICE)?.address).to.equal('fd00:10:244::6');
  });
});
