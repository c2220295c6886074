import { describe, expect, it } from 'vitest';
import type { RedisReply } from '../../src/events.ts';
import { RespError } from '../../src/redis/pieces.ts';
import { readLimits, ValueReader } from '../../src/redis/value-reader.ts';

const LIMITS = readLimits(64 * 1024);

/** All values in the bytes, which are given in chunks of `size`. */
function readAll(bytes: string | Buffer, size = Infinity, limits = LIMITS): RedisReply[] {
  const buffer = Buffer.from(bytes as string);
  const reader = new ValueReader(limits);
  const values: RedisReply[] = [];
  for (let start = 0; start < buffer.length; start += size) {
    const chunk = Buffer.from(buffer.subarray(start, start + size));
    let at = 0;
    while (at < chunk.length) {
      at = reader.read(chunk, at);
      if (reader.isComplete) values.push(reader.value);
    }
  }
  return values;
}

const VALUES: [string, string, RedisReply][] = [
  ['a status', '+OK\r\n', 'OK'],
  ['a status that is a number', '+12\r\n', '12'],
  ['a status in UTF-8', '+grüße\r\n', 'grüße'],
  ['an error', '-ERR no such key\r\n', { error: 'ERR no such key' }],
  ['an integer', ':1000\r\n', 1000],
  ['a negative integer', ':-7\r\n', -7],
  ['an integer beyond what a number holds exactly', ':9223372036854775807\r\n', 9223372036854775807n],
  ['a string', '$5\r\nhello\r\n', Buffer.from('hello')],
  ['a string with CR LF in it', '$4\r\n\r\n\r\n\r\n', Buffer.from('\r\n\r\n')],
  ['the empty string', '$0\r\n\r\n', Buffer.alloc(0)],
  ['RESP2 null', '$-1\r\n', null],
  ['a RESP2 null array', '*-1\r\n', null],
  ['an array', '*2\r\n$1\r\na\r\n:1\r\n', [Buffer.from('a'), 1]],
  ['the empty array', '*0\r\n', []],
  ['arrays in arrays', '*2\r\n*1\r\n:1\r\n*2\r\n:2\r\n*0\r\n', [[1], [2, []]]],
  ['an error in an array', '*2\r\n-WRONGTYPE no\r\n+OK\r\n', [{ error: 'WRONGTYPE no' }, 'OK']],
  ['RESP3 null', '_\r\n', null],
  ['true', '#t\r\n', true],
  ['false', '#f\r\n', false],
  ['a double', ',3.25\r\n', 3.25],
  ['infinity', ',-inf\r\n', -Infinity],
  ['not a number', ',nan\r\n', Number.NaN],
  [
    'a big number',
    '(3492890328409238509324850943850943825024385\r\n',
    3492890328409238509324850943850943825024385n,
  ],
  ['a blob error', '!9\r\nERR a\r\nbc\r\n', { error: 'ERR a\r\nbc' }],
  ['a verbatim string', '=8\r\ntxt:text\r\n', 'text'],
  ['a set', '~2\r\n:1\r\n:2\r\n', [1, 2]],
  [
    'a map, its text keys as strings',
    '%2\r\n$1\r\na\r\n:1\r\n+b\r\n:2\r\n',
    new Map<RedisReply, RedisReply>([
      ['a', 1],
      ['b', 2],
    ]),
  ],
  ['a push', '>2\r\n$7\r\nmessage\r\n:1\r\n', [Buffer.from('message'), 1]],
  ['a value with an attribute', '|1\r\n+ttl\r\n:3600\r\n*1\r\n:1\r\n', [1]],
  ['an attribute within an array', '*2\r\n:1\r\n|1\r\n+ttl\r\n%1\r\n:1\r\n:2\r\n:2\r\n', [1, 2]],
  ['a streamed string', '$?\r\n;4\r\nHell\r\n;1\r\no\r\n;0\r\n', Buffer.from('Hello')],
  ['a streamed array', '*?\r\n:1\r\n*1\r\n:2\r\n.\r\n', [1, [2]]],
  ['a streamed map', '%?\r\n+a\r\n:1\r\n.\r\n', new Map<RedisReply, RedisReply>([['a', 1]])],
];

describe('ValueReader', () => {
  it.each(VALUES)('reads %s, whole or byte by byte', (_, bytes, value) => {
    expect(readAll(bytes)).toEqual([value]);
    expect(readAll(bytes, 1)).toEqual([value]);
    expect(readAll(bytes, 3)).toEqual([value]);
  });

  it('reads values that follow one another, however they are cut', () => {
    const bytes = Buffer.concat(VALUES.map(([, each]) => Buffer.from(each)));
    const values = VALUES.map(([, , value]) => value);
    for (const size of [1, 2, 5, 7, 64, Infinity]) expect(readAll(bytes, size)).toEqual(values);
  });

  it('is exact about bytes that are no text', () => {
    const bytes = Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0xfe]);
    const map = Buffer.concat([
      Buffer.from('%1\r\n$5\r\n'),
      bytes,
      Buffer.from('\r\n$5\r\n'),
      bytes,
      Buffer.from('\r\n'),
    ]);
    expect(readAll(map)).toEqual([new Map([[bytes, bytes]])]);
  });

  it('keeps the beginning of what is long, and says so', () => {
    const reader = new ValueReader(readLimits(10));
    reader.read(Buffer.from('$12\r\nabcdefghijkl\r\n'), 0);
    expect(reader).toMatchObject({
      isComplete: true,
      isShortened: true,
      weight: 10,
      value: Buffer.from('abcdefghij'),
    });
    reader.read(Buffer.from('+OK\r\n'), 0);
    expect(reader).toMatchObject({ isComplete: true, isShortened: false, value: 'OK' });
  });

  it('keeps the first items of what is many, and still finds the end', () => {
    const limits = { ...LIMITS, maxItems: 3 };
    const many = `*5\r\n${'$1\r\nx\r\n'.repeat(5)}`;
    const [value, next] = readAll(`${many}+OK\r\n`, 4, limits);
    expect(value).toEqual([Buffer.from('x'), Buffer.from('x'), Buffer.from('x')]);
    expect(next).toBe('OK');
  });

  it.each([
    ['an unknown type', 'HTTP/1.1 200 OK\r\n'],
    ['a length that is none', '$x\r\n'],
    ['a negative length', '*-2\r\n'],
    ['a string that goes on after its length', '$3\r\nabcd\r\n'],
    ['an integer that is none', ':1.5\r\n'],
    ['a boolean that is none', '#y\r\n'],
    ['a double that is none', ',1,5\r\n'],
    ['an end of nothing', '.\r\n'],
    ['a piece of no streamed string', ';1\r\na\r\n'],
    ['nesting without end', '*1\r\n'.repeat(1000)],
  ])('refuses %s', (_, bytes) => {
    expect(() => readAll(bytes)).toThrow(RespError);
    expect(() => readAll(bytes, 1)).toThrow(RespError);
  });
});
