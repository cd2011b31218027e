import { expect } from 'chai';
import { basisOf, revisionOf } from '../../../src/plan/basis.ts';
import { plan } from '../../../src/plan/plan.ts';
import type { Input } from '../../../src/plan/types.ts';
import {
  claim,
  claimBy,
  endpoint,
  HTTP,
  input,
  leaderOf,
  memoryOf,
  ownerReference,
  pod,
  policy,
  service,
  slice,
} from '../../support/builders.ts';
import { serviceRequester } from '../../../src/plan/annotation-request.ts';
import { plainService } from '../../support/policy-world.ts';

const WEB = service('web').build();
const LEADER = leaderOf(WEB).build();
const A = pod('a').build();
const B = pod('b').ip('10.0.0.2').build();
const LED_BY_A = slice(LEADER).holding(endpoint(A)).ports(HTTP).remembering(memoryOf(A)).build();
const LED: Partial<Input> = { actual: LEADER, owner: serviceRequester(WEB), slices: [LED_BY_A] };

function basis(fields: Partial<Input>): string[] {
  const given = input(fields);
  return basisOf(given, plan(given));
}

describe('What a plan was made from', () => {
  it('is the leader of before, the one to come, and the Services', () => {
    const lost = pod('a').notReady().build();
    const objects = basis({ ...LED, claims: [claim(WEB, lost, B, pod('c').build())] });
    expect(objects).to.deep.equal(['pods/a', 'pods/b', 'services/web-leader', 'services/web']);
  });

  it('is the leader where only its slice is to be put right', () => {
    const moved = pod('a').ip('10.0.0.9').build();
    expect(basis({ ...LED, claims: [claim(WEB, moved, B)] }))
      .to.include('pods/a')
      .and.not.include('pods/b');
  });

  it('is the leader of before though this replica has never heard of it', () => {
    const unknown = memoryOf(pod('new').build(), 4);
    const slices = [
      slice(LEADER)
        .holding(endpoint(pod('new').build()))
        .remembering(unknown)
        .build(),
    ];
    expect(basis({ ...LED, slices, claims: [claim(WEB, B)] })).to.include.members(['pods/new', 'pods/b']);
  });

  it('is every pod where nobody is to lead, up to a number', () => {
    const pods = ['a', 'b', 'c'].map((name) => pod(name).notReady().build());
    expect(basis({ ...LED, claims: [claim(WEB, ...pods)] })).to.include.members([
      'pods/a',
      'pods/b',
      'pods/c',
    ]);
    const many = Array.from({ length: 100 }, (_, index) => pod(`p${index}`).notReady().build());
    const read = basis({ ...LED, claims: [claim(WEB, ...many)] }).filter((object) =>
      object.startsWith('pods/'),
    );
    expect(read).to.have.length(33);
  });

  it('is who wants a leader Service that is to be made', () => {
    expect(basis({ claims: [claim(WEB, A)] })).to.deep.equal(['services/web-leader', 'services/web']);
  });

  it('is who wanted the one that is to be deleted', () => {
    const quiet = plainService('web').build();
    const owner = serviceRequester(quiet);
    expect(basis({ ...LED, owner, slices: [] })).to.deep.equal(['services/web-leader', 'services/web']);
  });

  it('is the policy that asks, and the one that the leader Service belongs to', () => {
    const source = plainService('web').build();
    const lp = policy('lp').build();
    expect(basis({ claims: [claimBy(lp, source, A)] })).to.include('leaderpolicies/lp');
    const made = leaderOf(source)
      .ownedBy(ownerReference(policy('gone').build(), 'LeaderPolicy'))
      .build();
    expect(basis({ actual: made })).to.deep.equal([
      'services/web-leader',
      'services/web',
      'leaderpolicies/gone',
    ]);
  });
});

describe('The revision of the slices', () => {
  const revision = (...slices: Input['slices']): string => revisionOf({ slices, name: 'web-leader' });
  const at = (resourceVersion: string): Input['slices'][number] => ({ ...LED_BY_A, resourceVersion });

  it('is another one after each write, and after a deletion', () => {
    const other = { ...at('7'), uid: 'another' };
    expect(new Set([revision(), revision(at('7')), revision(at('8')), revision(other)])).to.have.property(
      'size',
      4,
    );
    expect(revision(at('7'))).to.equal(revision(at('7')));
  });

  it('does not depend on the order of the families, nor on the slices of strangers', () => {
    const six = slice(LEADER, 'IPv6').build();
    const stranger = slice(LEADER).named('web-leader-x').labelled({}).build();
    expect(revision(at('7'), six)).to.equal(revision(six, at('7')));
    expect(revision(at('7'), stranger)).to.equal(revision(at('7')));
  });
});
