import { expect } from 'chai';
import { parseCommandLine } from '../../../src/flags.ts';

/** What `zen-lead --help` prints. */
export function help(): string {
  let text = '';
  const output = {
    write: (part: string): void => void (text += part),
    exit: (): never => {
      throw new Error('exit');
    },
  };
  expect(() => parseCommandLine(['--help'], output)).to.throw('exit');
  return text;
}
