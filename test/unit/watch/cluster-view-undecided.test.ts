import { expect } from 'chai';
import { POLICY_KIND } from '../../../src/names.ts';
import {
  leaderOf,
  memoryOf,
  NOW,
  ownerReference,
  pod,
  policy,
  service,
  slice,
} from '../../support/builders.ts';
import { ViewUnderTest } from '../../support/view.ts';

const WEB = service('web').with({ annotations: {} }).build();
const KEY = 'shop/web-leader';

describe('A pod that leads the leader Service of a policy that is not known', () => {
  const [A, B] = [pod('a').build(), pod('b').build()];
  const made = leaderOf(WEB).ownedBy(ownerReference(policy().build(), POLICY_KIND)).build();
  const remembered = slice(made).remembering(memoryOf(A)).build();
  const unread = (): ViewUnderTest =>
    new ViewUnderTest().services(made).slices(remembered).pods(A, B).quiet();

  it('touches it, and no other pod does', () => {
    expect(unread().pods(pod('b').notReady().build()).touched()).to.deep.equal([]);
    expect(unread().pods(pod('a').notReady().build()).touched()).to.deep.equal([`${KEY}!`]);
    expect(unread().remove('pods', A).touched()).to.deep.equal([`${KEY}!`]);
  });

  it('is known from the slice, as long as that names it', () => {
    const view = unread();
    expect(view.view.gather(KEY, NOW).leaderPod?.name).to.equal('a');
    view.slices(slice(made).remembering(memoryOf(B, 2)).build()).quiet();
    expect(view.view.gather(KEY, NOW).leaderPod?.name).to.equal('b');
    expect(view.pods(pod('a').notReady().build()).touched()).to.deep.equal([]);
  });
});
