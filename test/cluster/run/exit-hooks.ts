/**
 * What must happen however this process ends: by itself, by an uncaught error, by Ctrl-C or by SIGTERM.
 * (SIGKILL leaves no chance; run/reaper.ts is for that.)
 */
const hooks = new Set<() => void>();
let installed = false;

/** Runs `hook`, which must be synchronous, when this process ends. Returns the way to take it back. */
export function onExit(hook: () => void): () => void {
  if (!installed) install();
  hooks.add(hook);
  return () => hooks.delete(hook);
}

function install(): void {
  installed = true;
  process.on('exit', runHooks);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const handler = (): void => {
      // Somebody else (a test runner, the program under test) handles this signal and decides when to end;
      // 'exit' follows then.
      if (process.listenerCount(name) > 1) return;
      runHooks();
      process.off(name, handler);
      process.kill(process.pid, name);
    };
    process.on(name, handler);
  }
}

function runHooks(): void {
  for (const hook of hooks) hook();
  hooks.clear();
}
