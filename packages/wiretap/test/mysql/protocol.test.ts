import { describe, expect, it } from 'vitest';
import type { MysqlEvent } from '../../src/index.ts';
import { offlineMysql, type Offline } from '../support/offline.ts';
import {
  CAPABILITIES,
  column,
  eof,
  error,
  greeting,
  lenenc,
  login,
  MYSQL_84,
  ok,
  packet,
  packets,
  uint32,
} from '../support/mysql-bytes.ts';

const { deprecateEof, optionalMetadata, queryAttributes } = CAPABILITIES;
const MORE_RESULTS = 8;
const CURSOR_EXISTS = 0x40;

/** A session whose client has logged in with these capabilities. */
function loggedIn(capabilities: number): Offline & { last(): MysqlEvent } {
  const session = offlineMysql();
  session.feed('store', greeting(MYSQL_84));
  session.feed('client', login(capabilities));
  session.feed('store', ok(2));
  return { ...session, last: () => session.record.events.at(-1) as MysqlEvent };
}

describe('the greeting', () => {
  const flagsOf = (bytes: Buffer): { capabilities: number; extended: number } => {
    const at = bytes.indexOf(0, 5) + 1 + 4 + 8 + 1;
    return {
      capabilities: bytes.readUInt16LE(at) + bytes.readUInt16LE(at + 5) * 0x1_0000,
      extended: bytes.readUInt32LE(at + 14),
    };
  };

  it('offers no TLS and no compression, and is else as the server wrote it', () => {
    const session = offlineMysql();
    const original = greeting(MYSQL_84, { extended: 0x1d });
    session.feed('store', original);
    const unreadable = CAPABILITIES.ssl | CAPABILITIES.compress | CAPABILITIES.zstd;
    expect(flagsOf(session.toClient())).toEqual({
      capabilities: (MYSQL_84 & ~unreadable) >>> 0,
      extended: 0x1d,
    });
    expect(session.toClient().length).toBe(original.length);
  });

  it('of a MariaDB offers nothing of its own', () => {
    const session = offlineMysql();
    session.feed(
      'store',
      greeting(MYSQL_84 & ~CAPABILITIES.longPassword, { version: '11.4.2-MariaDB', extended: 0x1d }),
    );
    expect(flagsOf(session.toClient())).toMatchObject({ extended: 0 });
  });

  it('may be an error, and the state may be missing from it', () => {
    const session = offlineMysql();
    session.feed('store', error(0, 1040, 'Too many connections'));
    expect(session.record.events[0]).toMatchObject({
      kind: 'connect',
      result: { error: { code: 1040, sqlState: 'HY000', message: 'Too many connections' } },
    });
  });
});

describe('the login of MySQL 8', () => {
  it('is done at once where the server knows the password (caching_sha2_password, fast)', () => {
    const session = offlineMysql();
    session.feed('store', greeting(MYSQL_84));
    session.feed('client', login(deprecateEof, { user: 'ada', database: 'shop' }));
    session.feed('store', Buffer.concat([packet(2, [1, 3]), ok(3)]));
    session.feed('client', packet(0, [0x0e]));
    session.feed('store', ok(1));
    expect(session.record.events).toMatchObject([
      { kind: 'connect', user: 'ada', database: 'shop', result: { affectedRows: 0 } },
      { kind: 'ping', endedAt: expect.any(Number) },
    ]);
  });

  it('takes the server’s public key where it does not (caching_sha2_password, full)', () => {
    const session = offlineMysql();
    session.feed('store', greeting(MYSQL_84));
    session.feed('client', login(deprecateEof));
    session.feed('store', packet(2, [1, 4]));
    session.feed('client', packet(3, [2]));
    session.feed('store', packet(4, [1], '-----BEGIN PUBLIC KEY-----'));
    session.feed('client', packet(5, Buffer.alloc(256, 3)));
    session.feed('store', ok(6));
    session.feed('client', packet(0, [3], [0, 1], 'DO 1'));
    expect(session.record.events.map(({ kind }) => kind)).toEqual(['connect', 'query']);
    expect(session.record.events[0]!.endedAt).toBeDefined();
  });

  it('may switch to another method, or ask for a second factor', () => {
    const session = offlineMysql();
    session.feed('store', greeting(MYSQL_84));
    session.feed('client', login(deprecateEof));
    session.feed('store', packet(2, [0xfe], 'mysql_native_password\0', 'twentybytesofscramble\0'));
    session.feed('client', packet(3, Buffer.alloc(20, 3)));
    session.feed('store', packet(4, [2], 'authentication_fido_client\0'));
    session.feed('client', packet(5, Buffer.alloc(90, 1)));
    session.feed('store', error(6, 1045, '#28000Access denied'));
    expect(session.record.events).toMatchObject([
      { kind: 'connect', result: { error: { code: 1045, sqlState: '28000', message: 'Access denied' } } },
    ]);
  });

  it('with TLS all the same cannot be followed, and passes', () => {
    const session = offlineMysql();
    session.feed('store', greeting(MYSQL_84));
    const before = session.toStore().length;
    const request = packet(1, uint32(CAPABILITIES.ssl | CAPABILITIES.protocol41), Buffer.alloc(28));
    session.feed('client', Buffer.concat([request, Buffer.from('then TLS')]));
    session.feed('store', Buffer.from('also TLS'));
    expect(session.toStore().subarray(before)).toEqual(Buffer.concat([request, Buffer.from('then TLS')]));
    expect(session.toClient().toString()).toMatch(/also TLS$/);
    expect(session.record.events.at(-1)).toMatchObject({
      kind: 'other',
      note: "what the client sent is not MySQL's protocol: a client that insists on TLS or compression",
    });
  });
});

describe('results', () => {
  it('end with an OK packet where EOF is deprecated, whatever it says of the session’s state', () => {
    const session = loggedIn(deprecateEof);
    session.feed('client', packet(0, [3], 'SELECT a, b FROM t; SELECT 1'));
    const state = '\x00\x0d\x00\x0b\x09time_zone\x00';
    session.feed('store', Buffer.concat([packet(1, [2]), column(2, 'a'), column(3, 'b')]));
    session.feed('store', Buffer.concat([packet(4, lenenc('x'), [0xfb]), packet(5, [0xfb, 0xfb])]));
    session.feed('store', ok(6, { header: 0xfe, status: MORE_RESULTS | 0x4000, info: state }));
    session.feed('store', Buffer.concat([packet(7, [1]), column(8, '1'), packet(9, lenenc('1'))]));
    expect(session.last().endedAt).toBeUndefined();
    session.feed('store', ok(10, { header: 0xfe, info: 'x'.repeat(300) }));
    expect(session.last()).toMatchObject({
      endedAt: expect.any(Number),
      results: [
        { rows: 2, columns: ['a', 'b'] },
        { rows: 1, columns: ['1'] },
      ],
    });
  });

  it('may have a row that begins like an end, for being that long', () => {
    for (const capabilities of [0, deprecateEof]) {
      const session = loggedIn(capabilities);
      session.feed('client', packet(0, [3], 'SELECT big'));
      const long = Buffer.concat([
        Buffer.from([0xfe, 0, 0, 0, 1, 0, 0, 0, 0]),
        Buffer.alloc(0x1_00_00_00, 120),
      ]);
      session.feed('store', Buffer.concat([packet(1, [1]), column(2, 'big')]));
      if (capabilities === 0) session.feed('store', eof(3));
      session.feed('store', packets(long));
      session.feed('store', packet(9, lenenc('short')));
      session.feed('store', capabilities === 0 ? eof(10) : ok(10, { header: 0xfe }));
      expect(session.last().result).toMatchObject({ rows: 2 });
      expect(session.last().endedAt).toBeDefined();
    }
  });

  it('may come without a description of their columns', () => {
    const session = loggedIn(deprecateEof | optionalMetadata);
    session.feed('client', packet(0, [3], 'SELECT 1'));
    session.feed(
      'store',
      Buffer.concat([packet(1, [1, 0]), packet(2, lenenc('1')), ok(3, { header: 0xfe })]),
    );
    expect(session.last().result).toMatchObject({ rows: 1, columns: [] });
    session.feed('client', packet(0, [3], 'SELECT 1 AS one'));
    session.feed(
      'store',
      Buffer.concat([packet(1, [1, 1]), column(2, 'one'), packet(3, lenenc('1')), ok(4, { header: 0xfe })]),
    );
    expect(session.last().result).toMatchObject({ rows: 1, columns: ['one'] });
    session.feed('client', packet(0, [0x16], 'SELECT ?'));
    session.feed('store', packet(1, [0], uint32(1), [1, 0, 1, 0, 0, 0, 0, 0]));
    expect(session.last()).toMatchObject({ kind: 'prepare', statement: 1, endedAt: expect.any(Number) });
  });

  it('may end with an error after some rows', () => {
    const session = loggedIn(0);
    session.feed('client', packet(0, [3], 'SELECT 1'));
    session.feed('store', Buffer.concat([packet(1, [1]), column(2, '1'), eof(3), packet(4, lenenc('1'))]));
    session.feed('store', error(5, 3024, '#HY000maximum statement execution time exceeded'));
    expect(session.last()).toMatchObject({ result: { error: { code: 3024 } }, endedAt: expect.any(Number) });
  });

  it('may be preceded by MariaDB’s reports of progress', () => {
    const session = loggedIn(0);
    session.feed('client', packet(0, [3], 'ALTER TABLE t FORCE'));
    session.feed('store', error(1, 0xffff, '\x01\x01\x02\x00\x00\x00\x04copy'));
    expect(session.last().endedAt).toBeUndefined();
    session.feed('store', ok(2));
    expect(session.last()).toMatchObject({ result: { affectedRows: 0 }, endedAt: expect.any(Number) });
  });

  it('belong to their commands when these are sent all at once', () => {
    const session = loggedIn(deprecateEof);
    const texts = ['DO 1', 'DO nothing', 'DO 2'];
    session.feed(
      'client',
      Buffer.concat([...texts.map((text) => packet(0, [3], text)), packet(0, [0x19], uint32(5))]),
    );
    session.feed(
      'store',
      Buffer.concat([ok(1, { affected: 1 }), error(1, 1054, '#42S22no'), ok(1, { affected: 2 })]),
    );
    expect(session.record.events.slice(1)).toMatchObject([
      { sql: 'DO 1', result: { affectedRows: 1 } },
      { sql: 'DO nothing', result: { error: { code: 1054 } } },
      { sql: 'DO 2', result: { affectedRows: 2 } },
      { kind: 'close-statement', statement: 5 },
    ]);
  });
});

describe('commands', () => {
  it('may be longer than a packet', () => {
    const session = loggedIn(deprecateEof);
    const sql = Buffer.alloc(2 * 0xff_ff_ff - 1, 'x');
    sql.write('SELECT ');
    const bytes = packets(Buffer.concat([Buffer.of(3), sql]));
    const before = session.toStore().length;
    session.feed('client', bytes.subarray(0, 20_000_000));
    expect(session.toStore().length).toBe(before);
    session.feed('client', bytes.subarray(20_000_000));
    expect(session.toStore().subarray(before).equals(bytes)).toBe(true);
    expect(session.last()).toMatchObject({
      shortened: { sqlBytes: sql.length },
      sql: expect.stringMatching(/^SELECT x/),
    });
  });

  it('may carry attributes before their text', () => {
    const session = loggedIn(deprecateEof | queryAttributes);
    session.feed('client', packet(0, [3, 0, 1], 'SELECT 1'));
    expect(session.last().sql).toBe('SELECT 1');
    const attributes = Buffer.concat([
      Buffer.from([2, 1, 0b10, 1, 253, 0]),
      lenenc('traceparent'),
      Buffer.from([6, 0]),
      lenenc('nothing'),
      lenenc('00-4bf9-01'),
    ]);
    session.feed('client', packet(0, [3], attributes, 'SELECT 2'));
    expect(session.last()).toMatchObject({ sql: 'SELECT 2' });
    expect(session.last().note).toBeUndefined();
  });

  it('may fetch what a cursor has kept', () => {
    const session = loggedIn(0);
    session.feed('client', packet(0, [0x16], 'SELECT a FROM t'));
    session.feed(
      'store',
      Buffer.concat([packet(1, [0], uint32(9), [1, 0, 0, 0, 0, 0, 0]), column(2, 'a'), eof(3)]),
    );
    session.feed('client', packet(0, [0x17], uint32(9), [1], uint32(1)));
    session.feed('store', Buffer.concat([packet(1, [1]), column(2, 'a'), eof(3, 2 | CURSOR_EXISTS)]));
    expect(session.last()).toMatchObject({
      kind: 'execute',
      sql: 'SELECT a FROM t',
      result: { rows: 0, columns: ['a'] },
    });
    session.feed('client', packet(0, [0x1c], uint32(9), uint32(2)));
    session.feed(
      'store',
      Buffer.concat([
        packet(1, [0, 0], lenenc('x')),
        packet(2, [0, 0], lenenc('y')),
        eof(3, 2 | CURSOR_EXISTS),
      ]),
    );
    expect(session.last()).toMatchObject({
      kind: 'other',
      command: 'COM_STMT_FETCH',
      sql: 'SELECT a FROM t',
      statement: 9,
      result: { rows: 2 },
      endedAt: expect.any(Number),
    });
  });

  it.each([
    ['COM_FIELD_LIST', packet(0, [4], 't\0'), [column(1, 'a'), column(2, 'b'), eof(3)]],
    ['COM_STATISTICS', packet(0, [9]), [packet(1, 'Uptime: 1  Threads: 2')]],
    ['COM_SET_OPTION', packet(0, [0x1b, 0, 0]), [eof(1)]],
    ['COM_INIT_DB', packet(0, [2], 'shop'), [ok(1)]],
    ['COM_STMT_RESET', packet(0, [0x1a], uint32(1)), [ok(1)]],
    ['command 0x77', packet(0, [0x77]), [error(1, 1047, '#08S01Unknown command')]],
  ])('may be %s, of which the end of the reply is known', (command, request, reply) => {
    const session = loggedIn(0);
    session.feed('client', request);
    for (const [index, part] of reply.entries()) {
      expect(session.last().endedAt, `before packet ${index}`).toBeUndefined();
      session.feed('store', part);
    }
    expect(session.last()).toMatchObject({ command, endedAt: expect.any(Number) });
  });

  it('may ask for the server’s log, which has no end and only passes', () => {
    const session = loggedIn(0);
    session.feed('client', packet(0, [0x12], 'position'));
    session.feed('store', packet(1, [0], 'an event'));
    expect(session.toClient().toString()).toMatch(/an event$/);
    expect(session.last()).toMatchObject({ kind: 'other', note: 'COM_BINLOG_DUMP is answered without end' });
  });

  it('may be answered by nobody: the server says goodbye', () => {
    const session = loggedIn(0);
    session.feed(
      'store',
      error(0, 4031, '#HY000The client was disconnected by the server because of inactivity.'),
    );
    expect(session.last()).toMatchObject({
      kind: 'other',
      note: 'the store said this unasked',
      result: { error: { code: 4031 } },
    });
  });
});
