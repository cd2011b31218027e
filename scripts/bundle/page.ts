/** docs/bundle.md: which packages users get. */
import type { Contents } from './contents.ts';
import { ACCEPTED } from './licences.ts';
import { REASONS } from './reasons.ts';

/** @throws Error where a package is without a reason, or a reason without its package */
export function pageOf({ packages }: Contents): string {
  const bundled = new Set(packages.map(({ name }) => name));
  for (const name of bundled) {
    if (REASONS[name] === undefined)
      throw new Error(`Expected scripts/bundle/reasons.ts to say why ${name} is in`);
  }
  for (const name of Object.keys(REASONS)) {
    if (!bundled.has(name))
      throw new Error(`Expected ${name} of scripts/bundle/reasons.ts to be in the bundle`);
  }
  const heaviestFirst = [...packages].sort((a, b) => b.bytes - a.bytes);
  const rows = heaviestFirst.map(
    ({ name, version, licence, bytes }) =>
      `| \`${name}\` | ${version} | ${licence} | ${(bytes / 1000).toFixed(1)} | ${REASONS[name] ?? ''} |`,
  );
  const total = packages.reduce((sum, { bytes }) => sum + bytes, 0);
  return `<!-- Generated from what esbuild says by scripts/licences.ts: do not edit. -->

# What is in the bundle

\`dist/zen-lead.js\` has in it our own code and ${packages.length} packages, together ${Math.round(total / 1000)} KB of code. No other package is in the [image](image.md).
[Dependencies](dependencies.md) says what the direct ones are for and why we do not write that ourselves.

| package | version | licence | KB | why it is in |
|---|---|---|---|---|
${rows.join('\n')}

## What could still go

\`scripts/bundle/lean.ts\` leaves out what the operator never runs. In spite of that there are in the bundle:

- the HTTP parser of undici a second time, 73 KB, for CPUs whose WebAssembly has no SIMD;
- undici's HTTP/2, 33 KB, which is loaded when an \`https://\` proxy of the kubeconfig chooses it;
- \`js-yaml\` whole, though only its reader is used: it is one module that cannot be split;
- what old kubeconfigs need: \`jsonpath-plus\`, 32 KB, loaded with the first of them.

## Licences

Those that are accepted, all others fail \`make lint\`: ${[...ACCEPTED].join(', ')}. Each is what the package itself states.
\`make licences\` writes their texts to \`dist/zen-lead.licences.txt\`, \`make sbom\` a CycloneDX list to \`dist/zen-lead.cdx.json\`.
`;
}

/**
 * What the page says besides weights, to compare: those change by some bytes with code of our own, whose names may clash with
 * others that esbuild then renames.
 */
export function factsOf(page: string): readonly string[] {
  return page
    .replace(/together \d+ KB/, '')
    .split('\n')
    .map((line) => line.replace(/^(\|.*?\|.*?\|.*?\|).*?\|/, '$1'))
    .sort();
}
