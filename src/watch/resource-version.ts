/**
 * Orders two resourceVersions of one resource: negative where `a` is older. They are unsigned decimal integers that do
 * not fit a double; without leading zeros the longer one is the greater (KEP-5504).
 */
export function compareResourceVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
