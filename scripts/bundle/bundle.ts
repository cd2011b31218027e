import { build } from 'esbuild';
import type { BuildOptions, Metafile } from 'esbuild';
import { lean } from './lean.ts';

export interface BundleOptions {
  readonly entry: string;
  readonly outfile: string;
  readonly version: string;
  readonly commit: string;
}

// Bundled CommonJS packages call require for Node's own modules.
const BANNER = `#!/usr/bin/env node
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);`;

/** One ESM file; beside it a source map and the licence comments. Resolves with what went into it. */
export async function bundle(options: BundleOptions, overrides: BuildOptions = {}): Promise<Metafile> {
  const result = await build({
    entryPoints: [options.entry],
    outfile: options.outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    banner: { js: BANNER },
    define: {
      ZEN_LEAD_VERSION: JSON.stringify(options.version),
      ZEN_LEAD_COMMIT: JSON.stringify(options.commit),
      // undici's own way to leave out its second HTTP parser, an experiment.
      esbuildDetection: '1',
    },
    plugins: [lean()],
    // V8 keeps the text for as long as the process runs. Names are kept for stack traces: shorter ones save 0.5 MB.
    minifyWhitespace: true,
    minifySyntax: true,
    // Node prints the line that threw.
    lineLimit: 160,
    // A single character beyond ASCII, and some licences have one, would make V8 keep two bytes for each.
    charset: 'ascii',
    legalComments: 'external',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    ...overrides,
    metafile: true,
  });
  return result.metafile;
}
