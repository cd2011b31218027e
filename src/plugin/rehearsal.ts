/** What the operator would do now: its own plan, of which nothing is written. */
import { plan } from '../plan/plan.ts';
import type { Input, Plan, PlanEvent, Write } from '../plan/types.ts';
import { projectService } from '../watch/projections.ts';

export interface Rehearsal {
  /** All of them, in order. */
  readonly writes: readonly Write[];
  readonly happened: readonly PlanEvent[];
  /** After which there is nothing left to prepare. */
  readonly last: Plan;
}

/** A leader Service is made, or made again, before anybody is published: as many rounds as the operator ever needs, and one more. */
const MAX_ROUNDS = 4;

export function rehearse(input: Input): Rehearsal {
  const writes: Write[] = [];
  const happened: PlanEvent[] = [];
  let now = input;
  for (let round = 1; ; round += 1) {
    const planned = plan(now);
    writes.push(...planned.writes);
    happened.push(...planned.happened);
    if (!planned.again || round === MAX_ROUNDS) return { writes, happened, last: planned };
    now = planned.writes.reduce(after, { ...now, remembered: planned.memory });
  }
}

/** As if the API server had done it; only what a plan asks to look at again afterwards. */
function after(input: Input, write: Write): Input {
  if (write.kind === 'deleteService') {
    // Its slices go with it.
    const { actual: _, owner: __, ...rest } = input;
    return { ...rest, slices: [], kcmSlices: [] };
  }
  if (write.kind !== 'createService') return input;
  return { ...input, actual: made(write.body, input) };
}

function made(body: Readonly<Record<string, unknown>>, { now }: Input): ReturnType<typeof projectService> {
  return projectService({
    ...body,
    metadata: {
      ...(body['metadata'] as object),
      uid: 'not-made',
      resourceVersion: '0',
      creationTimestamp: new Date(now).toISOString(),
    },
  });
}
