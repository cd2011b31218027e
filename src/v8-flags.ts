/**
 * Imported before everything else. Set here and not on the command line, so that they hold however the bundle is started.
 * Each is of a kind that V8 asks for when it acts: those it reads at its own start (--max-semi-space-size, --v8-pool-size)
 * would do nothing.
 */
import { setFlagsFromString } from 'node:v8';

const FLAGS = [
  // The young generation stays at its first 2 MB instead of growing to 32: what is read from the API server is garbage
  // after a few milliseconds or lives long, and to collect it more often costs little.
  '--semi-space-growth-factor=1',
  // The old generation is collected when it has grown by a little, not at the tens of MB that a machine with much memory
  // suggests: 110 instead of 145 MB with 1,000 Services, at the same CPU time under 20 failovers a second.
  '--optimize-for-size',
  // undici's HTTP parser is WebAssembly, one huge function of it. To optimize that takes 11 MB, which stay with the process,
  // and makes nothing measurably faster here. V8 works out what --liftoff-only implies at its own start only.
  '--liftoff-only',
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
];

for (const flag of FLAGS) setFlagsFromString(flag);
