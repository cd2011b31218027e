/** kubectl-leader: found by kubectl as `kubectl leader` where it is in PATH. */
import '../node-version.ts';
import { run } from './cli.ts';
import { processTerminal } from './terminal.ts';

/** A list that is under way is not waited for any longer. */
const EXIT_DEADLINE_MS = 2_000;
const INTERRUPTED = 130;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted.abort();
    setTimeout(() => process.exit(INTERRUPTED), EXIT_DEADLINE_MS).unref();
  });
}
// `kubectl leader list | head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  terminal: processTerminal(process.stdout, process.stderr, process.env),
  signal: interrupted.signal,
});
