import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ClusterError, hasCode } from '../errors.ts';
import { onExit } from '../run/exit-hooks.ts';

const REQUIRED = { major: 1, minor: 26 };

const WAY_OUT =
  `install Go ${String(REQUIRED.major)}.${String(REQUIRED.minor)} (https://go.dev/dl/), ` +
  'or set KUBECONFIG to use a cluster you have.';

/** Runs a command, hands over each line of its standard error, and returns its standard output. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; onLine?: (line: string) => void } = {},
): Promise<string> {
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // Static binaries; and no workspace of the surroundings may change what go.mod pins.
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const forget = onExit(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    options.onLine?.(line);
  });
  try {
    const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject).once('close', (...end) => {
        resolve(end);
      });
    });
    if (code === 0) return output;
    const end = killedBy ?? `exit code ${String(code)}`;
    throw new ClusterError(`${command} ${args[0] ?? ''} failed (${end}):\n${lines.slice(-20).join('\n')}`);
  } finally {
    forget();
  }
}

/**
 * Makes sure that a Go that can build `directory` is on PATH.
 * @throws ClusterError with one sentence that says what is missing and the way out.
 */
export async function requireGo(directory: string, go = 'go'): Promise<void> {
  const found = await goVersion(directory, go);
  // go1.26.8, go1.27rc1, devel go1.28-0123abc
  const [, major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(found) ?? []).map(Number);
  if (major > REQUIRED.major || (major === REQUIRED.major && minor >= REQUIRED.minor)) return;
  throw new ClusterError(`The embedded control plane is built with Go, and ${found} is too old: ${WAY_OUT}`);
}

async function goVersion(directory: string, go: string): Promise<string> {
  const ask = async (cwd: string): Promise<string> => (await run(go, ['env', 'GOVERSION'], { cwd })).trim();
  try {
    // Inside the module: an older Go may fetch the toolchain that go.mod asks for, and then counts as that one.
    return await ask(directory);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EACCES')) return await ask('/');
    throw new ClusterError(`The embedded control plane is built with Go, and no Go is on PATH: ${WAY_OUT}`, {
      cause: error,
    });
  }
}
