import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { LABEL } from '../../../src/names.ts';
import { serviceRequester } from '../../../src/plan/annotation-request.ts';
import { electClaim, isOurSlice, ownershipOf, type Ownership } from '../../../src/plan/ownership.ts';
import { claim, leaderOf, ownerReference, service, slice } from '../../support/builders.ts';

const SOURCE = service('web').build();
const REBORN = service('web').uid('uid-of-the-new-web').build();
const OTHER = service('other').build();

describe('a Service with the wanted name', () => {
  const cases: [
    what: string,
    actual: Service | undefined,
    owner: Service | undefined,
    ownership: Ownership,
  ][] = [
    ['is absent', undefined, undefined, 'absent'],
    ['is ours: labelled and controlled by a live source', leaderOf(SOURCE).build(), SOURCE, 'ours'],
    [
      'stays ours when somebody gives it a selector',
      leaderOf(SOURCE).selecting({ app: 'web' }).build(),
      SOURCE,
      'ours',
    ],
    [
      'is adoptable where an orphaning delete left it: labelled, without selector, without controller',
      leaderOf(SOURCE).ownedBy().build(),
      undefined,
      'adoptable',
    ],
    [
      'is adoptable where only other owners are left, none a controller',
      leaderOf(SOURCE)
        .ownedBy(ownerReference(OTHER, 'ConfigMap', false))
        .build(),
      undefined,
      'adoptable',
    ],
    [
      'is adoptable where its source was deleted and made again',
      leaderOf(SOURCE).build(),
      undefined,
      'adoptable',
    ],
    [
      'is foreign where it has no controller but a selector',
      leaderOf(SOURCE).ownedBy().selecting({ app: 'web' }).build(),
      undefined,
      'foreign',
    ],
    ['is foreign without labels', leaderOf(SOURCE).unlabelled().build(), SOURCE, 'foreign'],
    [
      'is foreign where another one manages it',
      leaderOf(SOURCE)
        .labelled({ [LABEL.managedBy]: 'Helm' })
        .build(),
      SOURCE,
      'foreign',
    ],
    [
      'is foreign with the managed-by label alone',
      leaderOf(SOURCE)
        .with({ labels: { [LABEL.managedBy]: 'zen-lead' } })
        .build(),
      SOURCE,
      'foreign',
    ],
    [
      'is foreign where another kind controls it',
      leaderOf(SOURCE).ownedBy(ownerReference(SOURCE, 'Deployment')).build(),
      undefined,
      'foreign',
    ],
    [
      'is foreign where the controller is a Service of another group (Knative)',
      leaderOf(SOURCE)
        .ownedBy({ ...ownerReference(SOURCE), apiVersion: 'serving.knative.dev/v1' })
        .build(),
      undefined,
      'foreign',
    ],
    [
      'is foreign where a dead Service that is not the labelled source controls it',
      leaderOf(SOURCE).ownedBy(ownerReference(OTHER)).build(),
      undefined,
      'foreign',
    ],
  ];
  for (const [what, actual, owner, ownership] of cases) {
    it(what, () => {
      expect(ownershipOf(actual, owner === undefined ? undefined : serviceRequester(owner), true)).to.equal(
        ownership,
      );
    });
  }
});

describe('a slice', () => {
  const leader = leaderOf(SOURCE).build();
  const v4 = slice(leader, 'IPv4');

  it('is ours by name, label and owner name', () => {
    expect(isOurSlice(v4.build(), leader.name)).to.equal(true);
    expect(isOurSlice(slice(leader, 'IPv6').build(), leader.name)).to.equal(true);
  });

  it('stays ours when the owner UID in it is a dead one', () => {
    const reborn = leaderOf(REBORN).uid('uid-dead').build();
    expect(isOurSlice(slice(leader).ownedBy(ownerReference(reborn)).build(), leader.name)).to.equal(true);
  });

  it('stays ours where an orphaning delete left it without any owner', () => {
    expect(isOurSlice(slice(leader).ownedBy().build(), leader.name)).to.equal(true);
  });

  const foreign: [string, ReturnType<typeof slice>][] = [
    ['has another name', slice(leader).with({ name: 'web-leader-copy' })],
    ['is managed by another', slice(leader).labelled({ [LABEL.sliceManagedBy]: 'somebody' })],
    ['has lost its labels', slice(leader).unlabelled()],
    [
      'has no owner and feeds another Service',
      slice(leader)
        .ownedBy()
        .labelled({ [LABEL.serviceName]: 'other' }),
    ],
    ['is owned by another Service', slice(leader).ownedBy(ownerReference(OTHER))],
    ['is owned by another kind', slice(leader).ownedBy(ownerReference(leader, 'Pod'))],
  ];
  for (const [what, builder] of foreign) {
    it(`is not ours where it ${what}`, () => {
      expect(isOurSlice(builder.build(), leader.name)).to.equal(false);
    });
  }
});

describe('of two claims for one name', () => {
  const name = { 'zen-lead.io/leader-service-name': 'db' };
  const older = claim(service('zz').annotated(name).created(1).build());
  const newer = claim(service('aa').annotated(name).created(2).build());
  const twin = claim(service('yy').annotated(name).created(1).build());
  const impossible = claim(
    service('db-x').annotated({ 'zen-lead.io/leader-service-name': 'D B' }).created(0).build(),
  );
  const winner = (owner: Service | undefined, ...claims: (typeof older)[]): string | undefined =>
    electClaim(claims, owner === undefined ? undefined : serviceRequester(owner))?.request.sourceName;

  it('the present owner wins', () => {
    expect(winner(newer.request.source, older, newer)).to.equal('aa');
  });

  it('else the older', () => {
    expect(winner(undefined, newer, older)).to.equal('zz');
    expect(winner(OTHER, newer, older)).to.equal('zz');
  });

  it('else the first by name, in whatever order they come', () => {
    expect(winner(undefined, older, twin)).to.equal('yy');
    expect(winner(undefined, twin, older)).to.equal('yy');
  });

  it('one that only stands in for a name that is not possible never takes it from one that asks for it', () => {
    expect(winner(undefined, impossible, newer)).to.equal('aa');
    expect(winner(undefined, impossible)).to.equal('db-x');
  });

  it('a namesake of the owner under another UID is not the owner', () => {
    expect(winner(service('aa').uid('uid-old').build(), older, newer)).to.equal('zz');
  });

  it('nobody wins where nobody claims', () => {
    expect(winner(SOURCE)).to.equal(undefined);
  });
});
