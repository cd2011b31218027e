/** A namespace as the plugin reads it, and a terminal that remembers. */
import type { EndpointSlice, LeaderPolicy, Pod, Service } from '../../src/api/objects.ts';
import { pictureOf, type Picture } from '../../src/plugin/picture.ts';
import type { Snapshot } from '../../src/plugin/snapshot.ts';
import type { Terminal } from '../../src/plugin/terminal.ts';
import { NOW } from './builders.ts';
import { ViewUnderTest } from './view.ts';

export interface Objects {
  readonly services?: readonly Service[];
  readonly pods?: readonly Pod[];
  readonly slices?: readonly EndpointSlice[];
  readonly policies?: readonly LeaderPolicy[];
  /** What the user may read; all of it unless told otherwise. */
  readonly reads?: Partial<Snapshot['reads']>;
}

export function snapshotOf({
  services = [],
  pods = [],
  slices = [],
  policies = [],
  reads,
}: Objects): Snapshot {
  const test = new ViewUnderTest();
  test.policiesKnown = reads?.policies ?? true;
  test
    .services(...services)
    .policies(...policies)
    .slices(...slices)
    .pods(...pods);
  return {
    view: test.view,
    now: NOW,
    reads: { pods: true, slices: true, policies: true, ...reads },
    notes: [],
  };
}

/** Of leader Service web-leader. */
export function pictureWith(objects: Objects, key = 'shop/web-leader'): Picture {
  return pictureOf(snapshotOf(objects), key);
}

export interface RememberingTerminal extends Terminal {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function rememberingTerminal(colours = false): RememberingTerminal {
  const written = { out: '', err: '' };
  return {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    colours,
    stdout: () => written.out,
    stderr: () => written.err,
  };
}
