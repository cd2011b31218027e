import { expect } from 'chai';
import type { Service } from '../../../src/api/objects.ts';
import { ANNOTATION, MAX_SERVICE_NAME } from '../../../src/names.ts';
import { Api } from '../../../src/plugin/api.ts';
import { disable, enable } from '../../../src/plugin/commands/enable.ts';
import { CommandFailure } from '../../../src/plugin/failure.ts';
import { leaderOf, ownerReference, policy, service } from '../../support/builders.ts';
import { FakeClient } from '../../support/fake-client.ts';
import { snapshotOf, type Objects } from '../../support/plugin.ts';

const WEB = service('web').build();
const LEADER = leaderOf(WEB).build();
const PLAIN = plain('web');
const SAME = policy().build();
const OTHER = policy().leaderService({ name: 'web-ro' }).build();
const READ_ONLY = leaderOf(WEB, 'web-ro').ownedBy(ownerReference(OTHER, 'LeaderPolicy')).build();
const UNREAD = { reads: { policies: false } };

function plain(name: string): Service {
  return service(name).with({ annotations: {} }).build();
}

interface Done {
  /** What the user is told: the sentence, or the failure. */
  readonly told: string;
  /** What was written: Service and value of zen-lead.io/enabled. */
  readonly written: readonly string[];
}

async function done(act: typeof enable, name: string, objects: Objects): Promise<Done> {
  const client = new FakeClient();
  let told = '';
  const session = {
    namespace: 'shop',
    api: new Api(client),
    snapshot: async () => Promise.resolve(snapshotOf(objects)),
    print: (_value: unknown, text: () => string) => void (told = text().trimEnd()),
  };
  await act(session, name).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error;
    told = `${error.kind}: ${error.message}`;
  });
  const written = client.calls.map(({ path, body }) => {
    const { metadata } = body as { metadata: { annotations: Record<string, string | null> } };
    return `${path.split('/').at(-1) ?? ''} ${String(metadata.annotations[ANNOTATION.enabled])}`;
  });
  return { told, written };
}

describe('kubectl leader enable', () => {
  it('writes the annotation, and names what is made', async () => {
    expect(await done(enable, 'web', { services: [PLAIN] })).to.deep.equal({
      told: 'service/web enabled: zen-lead makes leader Service web-leader; see kubectl leader status web',
      written: ['web true'],
    });
    const { told, written } = await done(enable, 'web', { services: [WEB] });
    expect(told).to.equal('service/web enabled already: leader Service web-leader');
    expect(written).to.deep.equal([]);
  });

  it('takes the longest name for which one is possible', async () => {
    const name = 'w'.repeat(MAX_SERVICE_NAME - '-leader'.length);
    expect((await done(enable, name, { services: [plain(name)] })).written).to.deep.equal([`${name} true`]);
  });

  for (const length of [57, MAX_SERVICE_NAME]) {
    it(`refuses a Service with a name of ${length} characters, before anything is written`, async () => {
      const name = 'w'.repeat(length);
      for (const source of [plain(name), service(name).build()]) {
        expect(await done(enable, name, { services: [source] })).to.deep.equal({
          told: `failed: Service ${name} (${length} characters) can have no leader Service: the default leader Service name "${name}-leader" has more than 63 characters; set annotation zen-lead.io/leader-service-name to a DNS label of at most 63 characters other than the Service's own name`,
          written: [],
        });
      }
    });
  }

  it('takes such a Service where its annotation gives a name, and refuses a bad one', async () => {
    const name = 'w'.repeat(60);
    const asking = (wanted: string): Objects => ({
      services: [
        service(name)
          .with({ annotations: { [ANNOTATION.leaderServiceName]: wanted, [ANNOTATION.switchoverTo]: '?' } })
          .build(),
      ],
    });
    const taken = await done(enable, name, asking('short'));
    expect(taken.told).to.contain('zen-lead makes leader Service short;');
    expect(taken.written).to.deep.equal([`${name} true`]);
    const refused = await done(enable, name, asking('Short'));
    expect(refused.told).to.match(
      /^failed: .* annotation zen-lead\.io\/leader-service-name: "Short" is not accepted; accepted is /,
    );
    expect(refused.written).to.deep.equal([]);
  });
});

describe('kubectl leader disable', () => {
  const ledByPolicy = (name: string): Done => ({
    told: `failed: Service ${name} is led because of LeaderPolicy lp; end it with: kubectl delete leaderpolicy lp -n shop`,
    written: [],
  });

  it('takes the annotation away, by the name of the source or of the leader Service', async () => {
    for (const policies of [[], [OTHER]]) {
      for (const name of ['web', 'web-leader']) {
        expect(await done(disable, name, { services: [WEB, LEADER, READ_ONLY], policies })).to.deep.equal({
          told: 'service/web disabled: zen-lead deletes leader Service web-leader',
          written: ['web null'],
        });
      }
    }
  });

  it('does not touch a leader Service that a policy asks for, nor the annotations of its source', async () => {
    for (const services of [[WEB], [WEB, LEADER, READ_ONLY], [PLAIN, READ_ONLY]])
      expect(await done(disable, 'web-ro', { services, policies: [OTHER] })).to.deep.equal(
        ledByPolicy('web-ro'),
      );
    expect(await done(disable, 'web', { services: [PLAIN], policies: [OTHER] })).to.deep.equal(
      ledByPolicy('web'),
    );
    expect(await done(disable, 'web-leader', { services: [WEB], policies: [SAME] })).to.deep.equal(
      ledByPolicy('web-leader'),
    );
  });

  it('does not touch that of a policy which the user may not read', async () => {
    const services = [WEB, LEADER, READ_ONLY];
    expect(await done(disable, 'web-ro', { services, ...UNREAD })).to.deep.equal(ledByPolicy('web-ro'));
  });

  it('says that a policy keeps the leader Service, where both ask for the same one', async () => {
    const kept = {
      told: 'service/web disabled: LeaderPolicy lp keeps leader Service web-leader',
      written: ['web null'],
    };
    const made = leaderOf(WEB).ownedBy(ownerReference(SAME, 'LeaderPolicy')).build();
    for (const services of [[WEB], [WEB, made]])
      expect(await done(disable, 'web', { services, policies: [SAME] })).to.deep.equal(kept);
    expect(await done(disable, 'web', { services: [WEB, made], ...UNREAD })).to.deep.equal(kept);
  });

  it('of a leader Service that nobody asks for any more does not end another one of its source', async () => {
    const { told, written } = await done(disable, 'web-ro', { services: [WEB, LEADER, READ_ONLY] });
    expect(told).to.match(/^notFound: nobody asks for leader Service web-ro any more/);
    expect(written).to.deep.equal([]);
  });

  it('of an enabled Service is about that Service, whoever else wants its name', async () => {
    const greedy = policy().of('db').leaderService({ name: 'web' }).build();
    const services = [WEB, LEADER, service('db').build()];
    expect((await done(disable, 'web', { services, policies: [greedy] })).written).to.deep.equal([
      'web null',
    ]);
  });

  it('says that another Service keeps the leader Service, where that has the name', async () => {
    const [db, web] = ['db', 'web'].map((name) =>
      service(name)
        .annotated({ [ANNOTATION.leaderServiceName]: 'main' })
        .build(),
    ) as [Service, Service];
    const services = [db, web, leaderOf(db, 'main').build()];
    expect((await done(disable, 'web', { services })).told).to.equal(
      'service/web disabled: Service db keeps leader Service main',
    );
  });

  it("does not say that somebody else's Service is deleted, or one that was never possible", async () => {
    const stranger = await done(disable, 'web', { services: [WEB, plain('web-leader')] });
    expect(stranger.told).to.equal("service/web disabled: Service web-leader is not zen-lead's, and stays");
    const name = 'w'.repeat(60);
    expect(await done(disable, name, { services: [service(name).build()] })).to.deep.equal({
      told: `service/${name} disabled: it had no leader Service`,
      written: [`${name} null`],
    });
  });

  it('has nothing to do where the annotation is gone already', async () => {
    for (const name of ['web', 'web-leader'])
      expect(await done(disable, name, { services: [PLAIN, LEADER] })).to.deep.equal({
        told: 'service/web is not enabled',
        written: [],
      });
  });
});
