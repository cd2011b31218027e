/** Imported before everything else: what is imported later dies on an older Node.js with a word that nobody understands. */
const NEEDED = [22, 19] as const;

/** @param version as in process.versions.node: "24.21.0" */
export function isNodeTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
}

if (isNodeTooOld(process.versions.node)) {
  process.stderr.write(
    `zen-lead: expected Node.js ${NEEDED.join('.')} or newer, got ${process.versions.node} (${process.execPath}); "npm ci" in the checkout brings one: node_modules/.bin/node\n`,
  );
  process.exit(1);
}
