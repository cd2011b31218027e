import { execFile } from 'node:child_process';
import { ClusterError } from '../errors.ts';

/** Runs kubectl with a kubeconfig, `input` on its standard input, and returns its standard output. */
export async function runKubectl(
  kubectl: string,
  kubeconfig: string,
  args: readonly string[],
  input = '',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = ['--kubeconfig', kubeconfig, ...args];
    const child = execFile(kubectl, all, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new ClusterError(`kubectl ${args.join(' ')}: ${stderr.trim()}`, { cause: error }));
    });
    // A kubectl that ends before it has read its input breaks the pipe; its own words are the error.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
