/** The real promtool. */
import { spawn } from 'node:child_process';
import { ensureTools } from '../../cluster/build/builder.ts';

/** Runs promtool to its end, whatever that is. @returns exit status, standard output and standard error together */
export async function promtool(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { promtool: binary } = await ensureTools(['promtool']);
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((end, fail) => {
    child.once('error', fail).once('close', (code) => {
      end({ code, output });
    });
  });
}
