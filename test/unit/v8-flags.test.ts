import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FLAGS = join(import.meta.dirname, '..', '..', 'src', 'v8-flags.ts');

/** Some MB survive each collection, which makes V8 enlarge the young generation; prints its size in MB. */
const BUSY = `
  let kept = [];
  for (let i = 0; i < 1.5e6; i += 1) {
    kept.push({ i, text: 'x' + i });
    if (kept.length > 1e5) kept = [];
  }
  const [young] = require('node:v8').getHeapSpaceStatistics().filter(({ space_name }) => space_name === 'new_space');
  console.log(young.physical_space_size / 1e6);
`;

/** Calls a function of WebAssembly that adds 1. */
const WASM = `
  const body = [0x20, 0, 0x41, 1, 0x6a, 0x0b];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0,
    10, 9, 1, 7, 0, ...body];
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
  console.log(f(1));
`;

async function node(script: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, [...args, '-e', script]);
}

describe('v8-flags', function () {
  this.timeout(20_000);

  it('keeps the young generation small', async () => {
    const [without, within] = await Promise.all([node(BUSY), node(BUSY, '--import', FLAGS)]);
    expect(Number(without.stdout)).to.be.greaterThan(30);
    expect(Number(within.stdout)).to.be.lessThan(16);
  });

  it('holds only flags that this Node.js knows, and WebAssembly works with them', async () => {
    const { stdout, stderr } = await node(WASM, '--import', FLAGS);
    expect(stdout).to.equal('2\n');
    expect(stderr).to.equal('');
  });
});
