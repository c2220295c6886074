import { describe, expect, it } from 'vitest';
import type { MysqlEvent } from '../../src/index.ts';
import { offlineMysql, type Offline } from '../support/offline.ts';
import {
  CAPABILITIES,
  column,
  greeting,
  lenenc,
  login,
  MYSQL_84,
  ok,
  packet,
  uint32,
} from '../support/mysql-bytes.ts';

const ID = 5;

/** A session with a statement of so many parameters prepared. */
function prepared(params: number, capabilities = 0): Offline & { last(): MysqlEvent } {
  const session = offlineMysql();
  const all = CAPABILITIES.deprecateEof | capabilities;
  session.feed('store', greeting(MYSQL_84));
  session.feed('client', login(all));
  session.feed('store', ok(2));
  session.feed('client', packet(0, [0x16], 'DO ?'));
  session.feed(
    'store',
    packet(
      1,
      [0],
      uint32(ID),
      [0, 0, params & 0xff, params >> 8, 0, 0, 0],
      all & CAPABILITIES.optionalMetadata ? [1] : [],
    ),
  );
  for (let i = 0; i < params; i += 1) session.feed('store', column(2 + i, '?'));
  return { ...session, last: () => session.record.events.at(-1) as MysqlEvent };
}

/** COM_STMT_EXECUTE up to the number of iterations. */
const execute = (flags = 0): Buffer[] => [Buffer.of(0x17), uint32(ID), Buffer.of(flags), uint32(1)];

describe('the values of an execution', () => {
  it.each<[string, number[], Buffer | number[], unknown]>([
    ['TINY', [1, 0], [0xff], -1],
    ['TINY unsigned', [1, 0x80], [0xff], 255],
    ['SHORT', [2, 0], [0, 0x80], -32_768],
    ['YEAR unsigned', [13, 0x80], [0xe8, 7], 2024],
    ['LONG', [3, 0], [0xff, 0xff, 0xff, 0xff], -1],
    ['INT24 unsigned', [9, 0x80], [1, 0, 0, 0], 1],
    ['LONGLONG', [8, 0], [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -2],
    ['LONGLONG unsigned', [8, 0x80], [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 18446744073709551614n],
    ['FLOAT', [4, 0], [0, 0, 0x20, 0xc0], -2.5],
    ['DOUBLE', [5, 0], [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], 1.5],
    ['NULL by its type', [6, 0], [], null],
    ['VAR_STRING', [253, 0], lenenc('naïve'), 'naïve'],
    ['STRING that is no text', [254, 0], lenenc(Buffer.from([0xff])), Buffer.from([0xff])],
    ['DECIMAL', [246, 0], lenenc('12345678901234567890.5'), '12345678901234567890.5'],
    ['JSON', [245, 0], lenenc('{"a":1}'), '{"a":1}'],
    ['BLOB', [252, 0], lenenc('text all the same'), Buffer.from('text all the same')],
    ['DATE', [10, 0], [4, 0xe8, 7, 2, 29], '2024-02-29'],
    ['DATE of nothing', [10, 0], [0], '0000-00-00'],
    ['DATETIME', [12, 0], [7, 0xe8, 7, 2, 29, 23, 59, 58], '2024-02-29 23:59:58'],
    ['DATETIME at midnight', [12, 0], [4, 0xe8, 7, 2, 29], '2024-02-29 00:00:00'],
    [
      'TIMESTAMP to the microsecond',
      [7, 0],
      [11, 0xe8, 7, 2, 29, 1, 2, 3, 0x40, 0xe2, 1, 0],
      '2024-02-29 01:02:03.123456',
    ],
    ['TIME', [11, 0], [8, 0, 0, 0, 0, 0, 1, 2, 3], '01:02:03'],
    [
      'TIME of more than a day, before zero',
      [11, 0],
      [12, 1, 2, 0, 0, 0, 1, 2, 3, 1, 0, 0, 0],
      '-49:02:03.000001',
    ],
    ['TIME of nothing', [11, 0], [0], '00:00:00'],
  ])('may be %s', (_, type, bytes, value) => {
    const session = prepared(1);
    session.feed('client', packet(0, ...execute(), [0, 1], type, bytes));
    expect(session.last()).toMatchObject({ kind: 'execute', sql: 'DO ?' });
    expect(session.last().params).toEqual([value]);
  });

  it('may be null by the map, each in its place', () => {
    const session = prepared(10);
    const types = Array.from({ length: 10 }, () => [1, 0]).flat();
    session.feed('client', packet(0, ...execute(), [0b1111_1110, 0b01, 1], types, [7, 9]));
    expect(session.last().params).toEqual([7, ...Array.from({ length: 8 }, () => null), 9]);
  });

  it('have the types of the execution before, unless they are sent again', () => {
    const session = prepared(2);
    session.feed('client', packet(0, ...execute(), [0, 1], [1, 0, 253, 0], [1], lenenc('a')));
    session.feed('client', packet(0, ...execute(), [0, 0], [2], lenenc('b')));
    expect(session.last().params).toEqual([2, 'b']);
  });

  it('may have been sent ahead, in pieces', () => {
    const session = prepared(2);
    session.feed('client', packet(0, [0x18], uint32(ID), [1, 0], 'one '));
    session.feed('client', packet(0, [0x18], uint32(ID), [1, 0], 'two'));
    expect(session.last()).toMatchObject({
      command: 'COM_STMT_SEND_LONG_DATA',
      sql: 'DO ?',
      endedAt: expect.any(Number),
    });
    session.feed('client', packet(0, ...execute(), [0, 1], [1, 0, 252, 0], [7]));
    expect(session.last().params).toEqual([7, Buffer.from('one two')]);
    session.feed('client', packet(0, ...execute(), [0, 0], [7], lenenc('here')));
    expect(session.last().params).toEqual([7, Buffer.from('here')]);
  });

  it('may be followed by named attributes', () => {
    const session = prepared(1, CAPABILITIES.queryAttributes);
    const types = Buffer.concat([Buffer.from([253, 0, 0, 253, 0]), lenenc('trace')]);
    session.feed('client', packet(0, ...execute(8), [2, 0, 1], types, lenenc('value'), lenenc('attribute')));
    expect(session.last().params).toEqual(['value']);
    const bare = prepared(0, CAPABILITIES.queryAttributes);
    bare.feed('client', packet(0, ...execute(8), [0]));
    expect(bare.last()).toMatchObject({ params: [] });
  });

  it('are shortened when they are long', () => {
    const session = prepared(1);
    const long = Buffer.concat([Buffer.from([0xfd, 0x70, 0x11, 1]), Buffer.alloc(70_000, 'x')]);
    session.feed('client', packet(0, ...execute(), [0, 1], [253, 0], long));
    expect(session.last().params![0]).toHaveLength(64 * 1024);
    expect(session.last().shortened).toEqual({ argLengths: new Map([[0, 70_000]]) });
  });

  it('are left out, with a note, when they cannot be read; the conversation goes on', () => {
    const session = prepared(1);
    session.feed('client', packet(0, ...execute(), [0, 1], [99, 0]));
    expect(session.last()).toMatchObject({ sql: 'DO ?', note: 'could not be read: a value of type 99' });
    session.feed('store', ok(1, { affected: 3 }));
    expect(session.last()).toMatchObject({ result: { affectedRows: 3 } });
  });

  it('are of the statement prepared last where the client names none (MariaDB)', () => {
    const session = prepared(1);
    session.feed('client', packet(0, [0x17], uint32(0xffffffff), [0], uint32(1), [0, 1], [1, 0], [4]));
    expect(session.last()).toMatchObject({ sql: 'DO ?', params: [4] });
  });
});
