import type { StringMap } from './objects.ts';

/** As matchLabels of a label selector: all of them, and an empty selector matches everything. */
export function selects(selector: StringMap, labels: StringMap): boolean {
  for (const name in selector) if (labels[name] !== selector[name]) return false;
  return true;
}
