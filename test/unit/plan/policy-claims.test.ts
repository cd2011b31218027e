import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { electClaim, isUndecided, ownershipOf } from '../../../src/plan/ownership.ts';
import { policyRequester } from '../../../src/plan/policy-request.ts';
import type { Claim } from '../../../src/plan/types.ts';
import { claim, claimBy, leaderOf, ownerReference, pod, policy, service } from '../../support/builders.ts';

const A = pod('a').build();
const ENABLED = service('web').build();

describe('the claim of a policy', () => {
  const mine = claimBy(policy().created(9).build(), ENABLED, A);
  const older = claimBy(policy('zz').created(1).build(), ENABLED, A);
  const twin = claimBy(policy('yy').created(1).build(), ENABLED, A);
  const annotations = claim(service('web').created(0).build());
  const elsewhere = claim(service('aa').created(0).build());
  const nameless = claimBy(
    policy('nn').created(0).invalid('x').without('leaderServiceName').build(),
    ENABLED,
  );
  const winner = (...claims: Claim[]): string | undefined =>
    electClaim(claims, undefined)?.request.requester.name;

  it('goes before the annotations of its Service, though those are older', () => {
    expect(winner(annotations, mine)).to.equal('lp');
    expect(electClaim([annotations, mine], annotations.request.requester)?.request.requester.name).to.equal(
      'lp',
    );
  });

  it('is one among others with the annotations of another Service: the older wins', () => {
    expect(winner(elsewhere, mine)).to.equal('aa');
  });

  it('goes to the older policy, else by name, in whatever order they come', () => {
    expect(winner(mine, older)).to.equal('zz');
    for (const claims of [
      [older, twin],
      [twin, older],
    ]) {
      expect(winner(...claims)).to.equal('yy');
    }
  });

  it('ends in the kind, where a Service and a policy of one name are of one age', () => {
    const namesake = claimBy(policy('aa').of('web').created(0).build(), ENABLED);
    expect(electClaim([elsewhere, namesake], undefined)?.request.requester.kind).to.equal('LeaderPolicy');
    expect(electClaim([namesake, elsewhere], undefined)?.request.requester.kind).to.equal('LeaderPolicy');
  });

  it('whose name cannot be told overrules nobody', () => {
    expect(winner(annotations, nameless)).to.equal('web');
  });
});

describe('a Service whose controller is a policy', () => {
  const LP = policy().build();
  const made = (apiVersion: string): Service =>
    leaderOf(ENABLED)
      .ownedBy({ ...ownerReference(LP, 'LeaderPolicy'), apiVersion })
      .build();
  const ofUs = made('zen-lead.io/v1alpha1');

  it('is ours while the policy lives, whatever version of the API made it', () => {
    for (const service of [ofUs, made('zen-lead.io/v1')]) {
      expect(ownershipOf(service, policyRequester(LP), true)).to.equal('ours');
    }
  });

  it('is to be adopted where the policy is known to be gone, and undecided where that is not known', () => {
    expect(ownershipOf(ofUs, undefined, true)).to.equal('adoptable');
    expect([isUndecided(ofUs, undefined, true), isUndecided(ofUs, undefined, false)]).to.deep.equal([
      false,
      true,
    ]);
    expect(isUndecided(ofUs, policyRequester(LP), false)).to.equal(false);
    expect(isUndecided(leaderOf(ENABLED).build(), undefined, false)).to.equal(false);
  });

  it('is foreign where the policy is of another group', () => {
    expect(ownershipOf(made('other.io/v1'), undefined, true)).to.equal('foreign');
  });
});
