import { recall } from './memory.ts';
import { isOurSlice } from './ownership.ts';
import type { Input } from './types.ts';

/** Another replica has published a leader since this one last agreed with the slice: its own view may be behind. */
export function isOvertaken({ slices, name, remembered, actual }: Input): boolean {
  if (remembered === undefined) return false;
  const ours = slices.filter((slice) => isOurSlice(slice, name));
  return recall(ours, undefined, actual).epoch > remembered.epoch;
}
