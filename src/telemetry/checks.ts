/** Health checks, and their answer in the words of the API server's /healthz. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Why not ok. */
  readonly message?: string;
}

/** "ok", or with `verbose` or when one fails, a line for each check. */
export function renderChecks(
  endpoint: string,
  checks: readonly Check[],
  verbose: boolean,
): { ok: boolean; text: string } {
  const ok = checks.every((check) => check.ok);
  if (ok && !verbose) return { ok, text: 'ok' };
  const lines = checks.map(({ name, ok: passed, message = 'no reason given' }) =>
    passed ? `[+]${name} ok` : `[-]${name} failed: ${message.replace(/\s+/g, ' ')}`,
  );
  return { ok, text: [...lines, `${endpoint} check ${ok ? 'passed' : 'failed'}`, ''].join('\n') };
}
