import { expect } from 'chai';
import { ZenLeadError } from '../../../src/errors.ts';
import { JsonLines } from '../../../src/watch/json-lines.ts';

describe('JsonLines', () => {
  const values = [{ name: 'Zoë' }, { emoji: '🦭🦭' }, 'x'.repeat(50), 7, null, { text: 'line\\nbreak' }];
  const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));

  for (let size = 1; size <= bytes.length; size += 1) {
    if (size > 12 && size % 17 !== 0 && size !== bytes.length) continue;
    it(`puts lines together from chunks of ${size} bytes, characters cut in two included`, () => {
      const lines = new JsonLines();
      const read: unknown[] = [];
      for (let start = 0; start < bytes.length; start += size) {
        read.push(...lines.push(bytes.subarray(start, start + size)));
      }
      expect(read).to.deep.equal(values);
    });
  }

  it('keeps a line back until its newline comes, and skips empty lines', () => {
    const lines = new JsonLines();
    expect([...lines.push(Buffer.from('\n\n{"a":1}'))]).to.deep.equal([]);
    expect([...lines.push(Buffer.from('\n\n'))]).to.deep.equal([{ a: 1 }]);
  });

  it('gives the lines before the one that is not JSON', () => {
    const read: unknown[] = [];
    expect(() => {
      for (const value of new JsonLines().push(Buffer.from('1\n2\n<html>\n3\n'))) read.push(value);
    })
      .to.throw(ZenLeadError, 'not JSON')
      .with.property('code', 'InvalidAnswer');
    expect(read).to.deep.equal([1, 2]);
  });

  it('takes any view of bytes, not only a whole buffer', () => {
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    expect([...new JsonLines().push(view)]).to.deep.equal(values);
  });
});
