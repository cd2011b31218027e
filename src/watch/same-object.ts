/**
 * Structural equality of two projected objects but for their resourceVersion. Most updates of a pod change nothing that
 * was kept (heartbeats, managed fields, container states); these must not wake anybody.
 */
export function sameObject(a: object, b: object): boolean {
  if (a === b) return true;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => key === 'resourceVersion' || sameValue(left[key], right[key]));
}

/** For plain JSON values: none of them is undefined. */
function sameValue(a: unknown, b: unknown): boolean {
  // Labels and ports are interned, so most comparisons end here.
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => sameValue(left[key], right[key]));
}
