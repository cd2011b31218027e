/** A leader Service that exists and is ours: who is published, and the slice writes that make it so. */
import { isDeepStrictEqual } from 'node:util';
import type { Pod, Service, ServicePort } from '../api/objects.ts';
import type { AddressType } from '../names.ts';
import { desiredSlice, endpointsFor, sameSlice, sliceBody, type Publication } from './endpoint-slice.ts';
import { judge, ripening } from './candidates.ts';
import { decide, type Decision } from './leader.ts';
import { criteriaOf } from './eligibility.ts';
import { remember } from './memory.ts';
import { resolvePorts } from './ports.ts';
import { sortSlices, type Slices } from './slices.ts';
import type { Scene } from './scene.ts';
import { told } from './standings.ts';
import { tell } from './telling.ts';
import type { Claim, Input, LeaderChange, Memory, Plan, Write } from './types.ts';

/** The part of a plan that is about the slices. */
export function planPublication(
  input: Input,
  claim: Claim,
  actual: Service,
  memory: Memory,
): Omit<Plan, 'again'> {
  const scene = compose(input, claim, actual, memory);
  const { decision, next } = scene;
  const telling = tell(scene);
  return {
    writes: decision.hold ? [] : sliceWrites(scene),
    memory: next,
    ...(scene.change === undefined ? {} : { change: scene.change }),
    ...telling,
    ...told(scene, telling.states),
    ...(decision.sticky === undefined ? {} : { sticky: decision.sticky }),
    // Even one that is only to stand by is told in the status and in metrics.
    ...ripening(scene.candidates, decision.againAfterMs),
  };
}

function compose(input: Input, claim: Claim, actual: Service, memory: Memory): Scene {
  const { request, pods } = claim;
  const slices = sortSlices(input, actual, request.shape);
  const published = publishedPod(pods, memory, slices);
  const criteria = criteriaOf(request, input.now, slices.primary);
  const candidates = judge(pods, criteria, isNamed(memory, slices) ? memory.podUID : undefined);
  // Those of the last good state, where it cannot be told what is asked for.
  const wantedPorts = request.shape?.ports ?? actual.ports;
  const decision: Decision = slices.isPrimaryTaken
    ? { hold: false }
    : decide({
        now: input.now,
        request,
        candidates,
        memory,
        ports: wantedPorts,
        published: published !== undefined,
        serving: isServing(slices),
        ...(input.leaderPod === undefined ? {} : { leaderPod: input.leaderPod }),
      });
  const base = { input, claim, actual, slices, candidates, decision, memory };
  if (decision.hold) return { ...base, ...publish(published), next: memory, ports: [] };
  const outcome = resolve(wantedPorts, decision.pod);
  const next = nextMemory(base, outcome.pod);
  return { ...base, ...outcome, next, ...changeOf(base, outcome.pod, next) };
}

/** A pod without all of the ports is not published: better nobody than half a leader. */
function resolve(
  ports: readonly ServicePort[],
  pod: Pod | undefined,
): Pick<Scene, 'pod' | 'ports' | 'unresolved'> {
  if (pod === undefined) return { ports: [] };
  const resolved = resolvePorts(ports, pod);
  return 'unresolved' in resolved ? { ports: [], ...resolved } : { ...resolved, pod };
}

function publish(pod: Pod | undefined): { pod?: Pod } {
  return pod === undefined ? {} : { pod };
}

/**
 * The remembered leader, if the primary slice names it right now exactly as it is to be published, and no other slice
 * holds anything else (an address of the other family that it no longer has).
 */
function publishedPod(pods: readonly Pod[], memory: Memory, { ours, primary }: Slices): Pod | undefined {
  const leader = pods.find(({ uid }) => uid === memory.podUID);
  if (leader === undefined || (ours.get(primary)?.endpoints ?? []).length === 0) return undefined;
  const isExact = [...ours].every(
    ([family, { endpoints }]) =>
      endpoints.length === 0 || isDeepStrictEqual(endpoints, endpointsFor(leader, family)),
  );
  return isExact ? leader : undefined;
}

/** The primary slice names the remembered leader, whatever another hand changed around it. */
function isNamed({ podUID }: Memory, { ours, primary }: Slices): boolean {
  return ours.get(primary)?.endpoints.some((endpoint) => endpoint.podUID === podUID) ?? false;
}

type Base = Pick<Scene, 'input' | 'slices' | 'decision' | 'memory'>;

function isServing({ ours, primary }: Slices): boolean {
  return (ours.get(primary)?.endpoints.length ?? 0) > 0;
}

function nextMemory(base: Base, pod: Pod | undefined): Memory {
  const { decision, memory, input } = base;
  const reason = memory.podUID === undefined ? 'Elected' : (decision.lost?.reason ?? 'Elected');
  const next = remember(memory, { pod, published: isServing(base.slices), now: input.now, reason });
  if (decision.switchover === undefined) return next;
  const { switchover: _, ...rest } = next;
  const remembered = decision.switchover.memory;
  return remembered === undefined ? rest : { ...rest, switchover: remembered };
}

function changeOf(base: Base, pod: Pod | undefined, next: Memory): { change?: LeaderChange } {
  const { decision, memory } = base;
  const reappears = pod !== undefined && pod.uid === memory.podUID && !isServing(base.slices);
  const moves = next.epoch !== memory.epoch;
  const withdrawn = pod === undefined && isServing(base.slices);
  if (!reappears && !moves && !withdrawn) return {};
  const { podName, podUID } = memory;
  return {
    change: {
      epoch: next.epoch,
      ...(podName === undefined || podUID === undefined ? {} : { from: { name: podName, uid: podUID } }),
      ...(pod === undefined ? {} : { to: { name: pod.name, uid: pod.uid } }),
      ...(decision.lost === undefined ? {} : { reason: decision.lost.reason }),
    },
  };
}

/** The primary family first: it is the authoritative one. */
function sliceWrites(scene: Scene): readonly Write[] {
  const { input, claim, actual, slices, next, ports, pod } = scene;
  const publication: Publication = {
    service: actual,
    sourceName: claim.request.sourceName,
    ports,
    memory: next,
    ...publish(pod),
  };
  const writes = slices.families.flatMap((family) => sliceWrite(input, publication, family, slices));
  return [...writes, ...superfluous(slices)];
}

function sliceWrite(
  input: Input,
  publication: Publication,
  family: AddressType,
  slices: Slices,
): readonly Write[] {
  const desired = desiredSlice(publication, family);
  const { name } = desired;
  if (slices.taken.some((slice) => slice.name === name)) return [];
  const present = slices.ours.get(family);
  if (present === undefined) {
    return [{ kind: 'createSlice', name, body: sliceBody(desired, input.namespace, undefined, input.now) }];
  }
  // addressType cannot be changed: a slice under our name with another one was made by hand.
  if (present.addressType !== family)
    return present.deleting ? [] : [{ kind: 'deleteSlice', name, uid: present.uid }];
  if (sameSlice(present, desired)) return [];
  const { resourceVersion } = present;
  return [
    {
      kind: 'putSlice',
      name,
      resourceVersion,
      body: sliceBody(desired, input.namespace, present, input.now),
    },
  ];
}

/** Slices of a family that the Service no longer has. */
function superfluous({ families, ours }: Slices): readonly Write[] {
  return [...ours]
    .filter(([family, slice]) => !families.includes(family) && !slice.deleting)
    .map(([, { name, uid }]) => ({ kind: 'deleteSlice', name, uid }));
}
