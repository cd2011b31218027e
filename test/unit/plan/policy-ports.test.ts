import { expect } from 'chai';
import { pod, policy, policyPort, servicePort, type PodBuilder } from '../../support/builders.ts';
import { plainService, PolicyWorld } from '../../support/policy-world.ts';

const SOURCE = plainService().ports(servicePort('pg', 5432, 'postgres'), servicePort('metrics', 9187));
const db = (name: string, port: number): PodBuilder => pod(name).port('postgres', port);

function led(ports: Parameters<ReturnType<typeof policy>['ports']>, ...pods: PodBuilder[]): PolicyWorld {
  const world = new PolicyWorld(
    ports.length === 0 ? policy() : policy().ports(...ports),
    ...pods.map((builder) => builder.build()),
  );
  world.sources.set('web', SOURCE.build());
  world.settle();
  return world;
}

function published(world: PolicyWorld): string[] | undefined {
  return world.leaderSlice?.ports.map(({ name, port, protocol }) => `${name} ${port ?? ''}/${protocol}`);
}

function portsOf(world: PolicyWorld): string[] | undefined {
  return world.leaderService?.ports.map(
    ({ name, port, targetPort }) => `${name} ${port} -> ${targetPort ?? ''}`,
  );
}

describe('the ports of a policy', () => {
  it('are those of the source where it has none', () => {
    const world = led([], db('a', 5000));
    expect(portsOf(world)).to.deep.equal(['pg 5432 -> postgres', 'metrics 9187 -> 9187']);
    expect(published(world)).to.deep.equal(['pg 5000/TCP', 'metrics 9187/TCP']);
  });

  it('rename, narrow and add', () => {
    const world = led(
      [policyPort('write', 5433, 'postgres'), policyPort('admin', 8000, 8008)],
      db('a', 5000),
    );
    expect(portsOf(world)).to.deep.equal(['write 5433 -> postgres', 'admin 8000 -> 8008']);
    expect(published(world)).to.deep.equal(['write 5000/TCP', 'admin 8008/TCP']);
  });

  it('carry their protocol and appProtocol', () => {
    const ws = { ...policyPort('ws', 80, 8080), appProtocol: 'kubernetes.io/ws' };
    const dns = { ...policyPort('dns', 53, 'dns'), protocol: 'UDP' as const };
    const world = led([ws, dns], pod('a').port('dns', 1, 'TCP').port('dns', 1053, 'UDP'));
    expect(world.leaderSlice?.ports).to.deep.equal([
      { name: 'ws', port: 8080, protocol: 'TCP', appProtocol: 'kubernetes.io/ws' },
      { name: 'dns', port: 1053, protocol: 'UDP' },
    ]);
  });

  it('change with the policy, in the Service and in the slice', () => {
    const world = led([], db('a', 5000));
    world.ask(policy().ports(policyPort('write', 1, 'postgres'))).settle();
    expect([portsOf(world), published(world)]).to.deep.equal([['write 1 -> postgres'], ['write 5000/TCP']]);
    world.ask(policy()).settle();
    expect(published(world)).to.deep.equal(['pg 5000/TCP', 'metrics 9187/TCP']);
  });

  it('are numbers of the pod that leads: two pods may have different ones behind one name', () => {
    const world = led([policyPort('write', 5432, 'postgres')], db('a', 5000), db('b', 6000).ip('10.0.0.2'));
    expect(published(world)).to.deep.equal(['write 5000/TCP']);
    world.pods = world.pods.slice(1);
    world.settle();
    expect([world.leader, published(world)]).to.deep.equal(['b', ['write 6000/TCP']]);
  });

  it('follow the pod when its number changes, without another epoch', () => {
    const world = led([policyPort('write', 5432, 'postgres')], db('a', 5000));
    world.pods = [db('a', 5001).build()];
    world.settle();
    expect([published(world), world.status.leader?.epoch]).to.deep.equal([['write 5001/TCP'], 1]);
  });
});

describe('a port that the leader does not have', () => {
  const missing = policyPort('write', 5432, 'writer');

  it('leaves nobody published, and says which port of which pod', () => {
    const world = led([policyPort('ok', 1), missing], db('a', 5000));
    expect(world.leaderSlice).to.deep.include({ endpoints: [], ports: [] });
    const words =
      'port write: targetPort "writer"/TCP is not a container port of pod a (it has postgres/TCP)';
    const { states } = world.next();
    expect(states.map(({ reason, about }) => `${reason} ${about.kind}`)).to.deep.equal([
      'PortResolutionFailed LeaderPolicy',
      'PortResolutionFailed Service',
    ]);
    const conditions = world.status.conditions ?? [];
    const [resolved, ready] = ['PortsResolved', 'Ready'].map((type) =>
      conditions.find((condition) => condition.type === type),
    );
    expect(resolved).to.deep.include({ status: 'False', reason: 'PortResolutionFailed' });
    expect(resolved?.message).to.include(words);
    expect(ready).to.deep.include({ status: 'False', reason: 'PortResolutionFailed' });
  });

  it('lets the leader come back when the port is right, as the same one', () => {
    const world = led([policyPort('ok', 1)], db('a', 5000));
    world.ask(policy().ports(missing)).settle();
    expect(world.leader).to.equal(undefined);
    world.ask(policy().ports(policyPort('ok', 1))).settle();
    expect([world.leader, world.status.leader?.epoch]).to.deep.equal(['a', 1]);
  });
});
