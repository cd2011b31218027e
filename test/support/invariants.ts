/** The invariants of docs/architecture.md as checks of one planned step and of a namespace at rest. */
import { expect } from 'chai';
import type { EndpointSlice, Pod, Service } from '../../src/api/objects.ts';
import { LABEL, sliceName } from '../../src/names.ts';
import { electClaim, isOurSlice, ownershipOf } from '../../src/plan/ownership.ts';
import type { Request } from '../../src/plan/request.ts';
import type { Input, Write } from '../../src/plan/types.ts';
import { projectEndpointSlice } from '../../src/watch/projections.ts';
import { wire, type Raw } from './api-server.ts';
import { familyOf, fit, hasPorts, isAlive, isRefused, isSelected } from './oracle.ts';
import type { Step, World } from './world.ts';

type SliceWrite = Extract<Write, { body: unknown }>;

/** Who has the name; undefined: nobody, or it is not to be touched. */
export function winnerOf({ input, plan }: Pick<Step, 'input' | 'plan'>): Request | undefined {
  if (plan.outlook === undefined) return undefined;
  const { actual, owner, claims, policiesKnown } = input;
  const isOwned = ownershipOf(actual, owner, policiesKnown) === 'ours';
  return electClaim(claims, isOwned ? owner : undefined)?.request;
}

function sliceWrites({ plan }: Step): Raw[] {
  const writes = plan.writes.filter(
    (write): write is SliceWrite => write.kind === 'putSlice' || write.kind === 'createSlice',
  );
  return writes.map(({ body }) => wire(body));
}

function asRead(raw: Raw): EndpointSlice {
  const made = { uid: 'x', resourceVersion: '1', creationTimestamp: '2026-03-01T12:00:00Z' };
  return projectEndpointSlice({ ...raw, metadata: { ...raw.metadata, ...made } });
}

/** I1, I2, I3, I7: what is written names at most one pod, and one that may lead now. */
export function checkWrites(world: World, step: Step): void {
  const request = winnerOf(step);
  const wanted = request?.shape?.ports ?? step.input.actual?.ports ?? [];
  const uids = new Set<string | undefined>();
  for (const { endpoints, addressType, ports } of sliceWrites(step).map(asRead)) {
    expect(endpoints, 'I1: endpoints of one slice').to.have.length.at.most(1);
    for (const endpoint of endpoints) {
      uids.add(endpoint.podUID);
      const pod = world.pods.find(({ uid }) => uid === endpoint.podUID);
      if (pod === undefined || request === undefined) throw new Error('I2: expected a live pod by UID');
      expect(pod.name, 'I2: a live pod by UID').to.equal(endpoint.podName);
      expect(endpoint.addresses, 'I7: one address').to.have.length(1);
      const [address = ''] = endpoint.addresses;
      expect(pod.ips, 'I2: of status.podIPs').to.include(address);
      expect(isRefused(address), `I2: ${address} is refused`).to.equal(false);
      expect(familyOf(address), 'I2: address family').to.equal(addressType);
      expect(endpoint, 'I1').to.deep.include({ ready: true, serving: true, terminating: false });
      expect(pod.ready && isAlive(pod), 'I3: Ready and not on its way out').to.equal(true);
      expect(isSelected(pod, request.source), 'I2: selected').to.equal(true);
      const family = step.input.actual?.ipFamilies[0] ?? 'IPv4';
      expect(fit(world.pods, request, family).includes(pod), 'not excluded, the only claimant').to.equal(
        true,
      );
      expect(hasPorts(pod, wanted), 'I7: ports').to.equal(true);
      expect(ports, 'I7: all ports').to.have.length(wanted.length);
    }
  }
  expect(uids.size, 'I1: pods of one plan').to.be.at.most(1);
}

/** I6: what is written over or deleted is ours by name, label and owner. */
export function checkOwnership(world: World, { input, plan }: Step): void {
  for (const write of plan.writes) {
    if (write.kind === 'putSlice' || write.kind === 'deleteSlice') {
      const slice = input.slices.find(({ name }) => name === write.name);
      expect([sliceName(input.name, 'IPv4'), sliceName(input.name, 'IPv6')], 'I6').to.include(slice?.name);
      expect(slice?.labels[LABEL.sliceManagedBy], 'I6').to.equal('zen-lead');
      const owners = slice?.owners.map(({ kind, name }) => `${kind} ${name}`) ?? [];
      // An orphaning delete leaves a slice of ours without any owner.
      if (owners.length === 0) expect(slice?.labels[LABEL.serviceName], 'I6').to.equal(input.name);
      else expect(owners, 'I6').to.include(`Service ${input.name}`);
    }
    if (write.kind === 'patchService' || write.kind === 'deleteService') {
      expect(isOurs(world, input.actual), `I6: ${write.kind} ${write.name}`).to.equal(true);
    }
  }
}

function isOurs(world: World, actual: Service | undefined): boolean {
  if (actual?.labels[LABEL.managedBy] !== 'zen-lead') return false;
  const label = actual.labels[LABEL.sourceService];
  const controller = actual.owners.find((owner) => owner.controller);
  if (controller === undefined) return label !== undefined && actual.selector === undefined;
  // Policies are always known here: one that is not found is gone.
  if (controller.kind === 'LeaderPolicy') return true;
  if (controller.kind !== 'Service') return false;
  return [...world.sources.values()].some(({ uid }) => uid === controller.uid) || controller.name === label;
}

/** I5: a published leader that may lead stays while sticky, paused or in Manual, unless a switchover is asked for. */
export function checkSticky(world: World, step: Step): void {
  const { input } = step;
  const request = winnerOf(step);
  const family = input.actual?.ipFamilies[0];
  if (request === undefined || family === undefined) return;
  const frozen = request.paused || request.problems.length > 0;
  const stays = request.sticky || request.manual;
  if (!frozen && (!stays || request.switchover !== undefined)) return;
  const leader = publishedIn(world, input, family);
  const ports = request.shape?.ports ?? input.actual?.ports ?? [];
  if (leader === undefined || !fit(world.pods, request, family).includes(leader) || !hasPorts(leader, ports))
    return;
  for (const { metadata, endpoints = [] } of sliceWrites(step)) {
    if (metadata.name !== sliceName(input.name, family)) continue;
    expect(endpoints[0]?.targetRef?.uid, 'I5: the leader stays').to.equal(leader.uid);
  }
}

/** The pod that the primary slice holds, where it is the one that is remembered. */
function publishedIn(
  world: World,
  { slices, name, remembered }: Input,
  family: 'IPv4' | 'IPv6',
): Pod | undefined {
  const slice = slices.find((one) => one.name === sliceName(name, family));
  const uid = slice?.endpoints[0]?.podUID;
  const stored = slice?.annotations['zen-lead.io/leader-pod']?.split('/')[1];
  if (uid === undefined || uid !== (remembered?.podUID ?? stored)) return undefined;
  return world.pods.find((pod) => pod.uid === uid);
}

/** I1, I7 of a namespace at rest; and that nobody is left out for no reason. */
export function checkRest(world: World, { input, plan }: Step): void {
  const { actual } = input;
  if (actual === undefined) return; // slices without a Service have no traffic; the garbage collector takes them
  const request = winnerOf({ input, plan });
  const ours = input.slices.filter(
    ({ labels, owners }) =>
      labels[LABEL.sliceManagedBy] === 'zen-lead' && owners.some(({ name }) => name === input.name),
  );
  const endpoints = ours
    .filter(({ name }) => name.startsWith(`${input.name}-zen-lead-`))
    .flatMap((slice) => slice.endpoints);
  expect(new Set(endpoints.map(({ podUID }) => podUID)).size, 'I1: families agree').to.be.at.most(1);
  for (const { podUID, addresses } of endpoints) {
    const pod = world.pods.find(({ uid }) => uid === podUID);
    expect(pod !== undefined && isAlive(pod) && pod.ips.includes(addresses[0] ?? ''), 'I7: stale').to.equal(
      true,
    );
    expect(pod !== undefined && isSelected(pod, request?.source), 'I7: not selected').to.equal(true);
    if (pod?.ready === false) expect(request?.graceMs ?? 0, 'I7: NotReady without grace').to.be.above(0);
  }
  if (request !== undefined && endpoints.length === 0) checkEmpty(world, { input, plan }, request);
}

/** Nobody is published: there is a reason. */
function checkEmpty(world: World, { input, plan }: Step, request: Request): void {
  const family = input.actual?.ipFamilies[0];
  if (family === undefined || request.paused || request.problems.length > 0) return;
  if (request.manual && plan.memory.epoch > 0) return;
  if (request.gapMs > 0 && plan.againAfterMs !== undefined) return;
  const isTaken = input.slices.some(
    (slice) => slice.name === sliceName(input.name, family) && !isOurSlice(slice, input.name),
  );
  const ready = fit(world.pods, request, family);
  const ripe = ready.filter((pod) => (pod.readyChangedAt ?? world.now) + request.minReadyMs <= world.now);
  // The first of the order is not passed over for a port that it lacks.
  const isHopeless = ripe.length === 0 || ready.some((pod) => !hasPorts(pod, request.shape?.ports ?? []));
  expect(isTaken || isHopeless, 'somebody might lead').to.equal(true);
}

/** One more whenever another UID is published than the last one, and never back. */
export class Epochs {
  readonly #last = new Map<string, { epoch: number; uid: string }>();

  check({ input, plan }: Step): void {
    const { name } = input;
    const [raw] = sliceWrites({ input, plan }).filter(({ endpoints = [] }) => endpoints.length > 0);
    const uid = raw?.endpoints?.[0]?.targetRef?.uid;
    if (raw === undefined || uid === undefined) return;
    const epoch = Number(raw.metadata.annotations?.['zen-lead.io/leader-epoch']);
    const last = this.#last.get(name);
    if (last !== undefined) expect(epoch, 'epoch').to.equal(uid === last.uid ? last.epoch : last.epoch + 1);
    this.#last.set(name, { epoch, uid });
  }

  /** The memory of this name may be lost. */
  forget(name: string): void {
    this.#last.delete(name);
  }
}
