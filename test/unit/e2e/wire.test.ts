import { expect } from 'chai';
import {
  errorFields,
  firstColumn,
  message,
  MessageReader,
  queryMessage,
  startupMessage,
} from '../../e2e/client/wire.ts';

describe('the protocol of PostgreSQL', () => {
  it('starts with the length of all, version 3.0 and the parameters', () => {
    const bytes = startupMessage('ann', 'shop');
    expect(bytes.readInt32BE(0)).to.equal(bytes.length);
    expect(bytes.readInt32BE(4)).to.equal(3 << 16);
    expect(bytes.toString('latin1', 8)).to.equal('user\0ann\0database\0shop\0\0');
  });

  it('counts the length of a message without its type', () => {
    const bytes = queryMessage('select 1');
    expect(bytes.toString('latin1', 0, 1)).to.equal('Q');
    expect(bytes.readInt32BE(1)).to.equal(bytes.length - 1);
    expect(bytes.at(-1)).to.equal(0);
  });

  it('reads messages however they are cut', () => {
    const sent = Buffer.concat([
      message('R', Buffer.from([0, 0, 0, 0])),
      message('Z', Buffer.from('I')),
      message('N', Buffer.alloc(0)),
    ]);
    for (let size = 1; size <= sent.length; size += 1) {
      const reader = new MessageReader();
      const types: string[] = [];
      for (let at = 0; at < sent.length; at += size) {
        for (const { type } of reader.push(sent.subarray(at, at + size))) types.push(type);
      }
      expect(types, `pieces of ${size}`).to.deep.equal(['R', 'Z', 'N']);
    }
  });

  it('says so where the other side speaks something else', () => {
    const reader = new MessageReader();
    expect(() => [...reader.push(Buffer.from('H\0\0\0\x01nonsense'))]).to.throw(
      'does not speak the protocol',
    );
  });

  it('reads the first column, and none where it is null', () => {
    const value = Buffer.from('\0\x01\0\0\0\x0810.0.0.7', 'latin1');
    expect(firstColumn(value)).to.equal('10.0.0.7');
    expect(firstColumn(Buffer.from('\0\x01\xff\xff\xff\xff', 'latin1'))).to.equal(undefined);
  });

  it('reads SQLSTATE and text of an error', () => {
    const body = Buffer.from('SFATAL\0C57P03\0Mthe database system is starting up\0\0');
    expect(errorFields(body)).to.deep.equal({
      code: '57P03',
      message: 'the database system is starting up',
    });
  });
});
