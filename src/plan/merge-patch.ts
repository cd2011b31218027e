/** The JSON merge patch (RFC 7386) that makes one value out of another. */
import { isDeepStrictEqual } from 'node:util';
import type { Body } from './types.ts';

/** @returns undefined where they are alike */
export function mergePatch(from: object, to: object): Body | undefined {
  const [before, after] = [from as Body, to as Body];
  const patch: Record<string, unknown> = {};
  for (const name of Object.keys(before)) {
    if (before[name] !== undefined && after[name] === undefined) patch[name] = null;
  }
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined || isDeepStrictEqual(before[name], value)) continue;
    const known = before[name];
    const inner = isMap(known) && isMap(value) ? mergePatch(known, value) : value;
    if (inner !== undefined) patch[name] = inner;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
