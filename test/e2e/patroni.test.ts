/**
 * A database that is right, not only reachable: PostgreSQL under Patroni, which elects, and zen-lead, which follows. Clients
 * write all the time: one through zen-lead's leader Service, one through the Service whose Endpoints Patroni writes itself.
 */
import { expect } from 'chai';
import type { RealNode } from '../node/node.ts';
import { API_SERVICE_ADDRESS } from '../node/addresses.ts';
import { lostWrites, strangeRows } from './check/lost-writes.ts';
import { reigns, splitBrain } from './check/reigns.ts';
import { acknowledged } from './check/write.ts';
import { freeze, kill, partition, type Done } from './patroni/acts.ts';
import type { Member } from './patroni/members.ts';
import { storyOf, tableOf } from './patroni/report.ts';
import { LEADER_SERVICE, Stage } from './patroni/stage.ts';
import { updateDoc, updatesDocs, write, writeJson } from './report.ts';
import { clear, sharedNode } from './support/shared-node.ts';

const NAMESPACE = 'bank';
/** The very first time everything is built and made. */
const FIRST_MS = 3_600_000;
const CONFIGURATION = '/etc/patroni/patroni.yml';

describe('PostgreSQL under Patroni, whose label zen-lead follows', function () {
  this.timeout(240_000);
  let node: RealNode;
  let stage: Stage;

  before(async function () {
    this.timeout(FIRST_MS);
    node = await sharedNode();
    stage = new Stage(node, NAMESPACE);
    await stage.start();
  });

  after(async () => {
    report();
    await stage.stop();
    await clear(node, NAMESPACE);
  });

  function pod({ name }: Member): { namespace: string; pod: string } {
    return { namespace: NAMESPACE, pod: name };
  }

  function report(): void {
    const { outcomes, clients, writes } = stage;
    const table = tableOf(outcomes, { service: LEADER_SERVICE, clients });
    const stories = outcomes.map((outcome) => storyOf(outcome, (address) => stage.nameOf(address)));
    const text = [table, ...stories].join('\n\n');
    console.log(`\n${text}\n`);
    write('patroni.md', `${text}\n`);
    writeJson('patroni.json', { outcomes, reigns: reigns(writes) });
    if (updatesDocs()) updateDoc('flagship-postgresql.md', 'figures-patroni', table);
  }

  it('writes go on from another member when the primary is frozen, and the old one is none when it thaws', async () => {
    const { from, to } = await stage.perform('frozen', (primary) => freeze(node, pod(primary)));
    expect(to).to.not.equal(from);
  });

  it('writes go on when all processes of the primary are killed', async () => {
    await stage.perform('killed', (primary) => kill(node, pod(primary)));
  });

  it('writes go on from the member that patronictl switches over to', async () => {
    const switchover = async (primary: Member, others: readonly Member[]): Promise<Done> => {
      const { synchronous } = await stage.members.elected();
      const candidate = others.find(({ name }) => name === synchronous)!;
      const command = ['patronictl', '--config-file', CONFIGURATION, 'switchover', '--force'];
      await stage.inPod(candidate.name, ...command, '--leader', primary.name, '--candidate', candidate.name);
      expect((await stage.members.leader()).name).to.equal(candidate.name);
      return { undo: () => Promise.resolve() };
    };
    const { from, to } = await stage.perform('switched over', switchover);
    expect(to).to.not.equal(from);
  });

  it('writes go on from another member when the primary is cut off from the others and from the API server', async () => {
    const cutOff = (primary: Member, others: readonly Member[]): Promise<Done> =>
      partition(node, pod(primary), [API_SERVICE_ADDRESS, ...others.map(({ address = '' }) => address)]);
    const { from, to } = await stage.perform('cut off', cutOff);
    expect(to).to.not.equal(from);
  });

  it('no write that was acknowledged is lost', async () => {
    const rows = await stage.readBack();
    const { writes } = stage;
    expect(strangeRows(writes, rows)).to.deep.equal([]);
    expect(lostWrites(writes, rows)).to.deep.equal([]);
    expect(acknowledged(writes)).to.have.length.above(500);
  });

  it('there were never two primaries, by what the clients saw', () => {
    expect(splitBrain(stage.writes)).to.deep.equal([]);
    // Frozen, switched over and cut off: one after the other, each on a timeline of its own.
    expect(reigns(stage.writes)).to.have.length.at.least(4);
  });
});
