import { expect } from 'chai';
import { SERVICE_ANNOTATION, SLICE_ANNOTATION } from '../../../src/names.ts';
import { eventually } from './eventually.ts';
import type { Namespace } from './namespace.ts';

/** Waits until this pod leads and all is told of its election: the annotations of the leader Service are the last of it. */
export async function isTold(ns: Namespace, leaderService: string, pod: string): Promise<void> {
  await eventually(async () => {
    const decided = (await ns.slice(leaderService))?.metadata.annotations ?? {};
    const { annotations } = (await ns.service(leaderService))?.metadata ?? {};
    expect(annotations).to.include({
      [SERVICE_ANNOTATION.leaderPodName]: pod,
      [SERVICE_ANNOTATION.lastSwitchTime]: decided[SLICE_ANNOTATION.since],
    });
  });
}
