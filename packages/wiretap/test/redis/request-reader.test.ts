import { describe, expect, it } from 'vitest';
import { encodeCommand } from '../../src/redis/encode.ts';
import { RespError } from '../../src/redis/pieces.ts';
import { RequestReader } from '../../src/redis/request-reader.ts';
import { readLimits } from '../../src/redis/value-reader.ts';

function readAll(bytes: string | Buffer, size = Infinity, limits = readLimits(1024)): string[][] {
  const buffer = Buffer.from(bytes as string);
  const reader = new RequestReader(limits);
  const commands: string[][] = [];
  for (let start = 0; start < buffer.length; start += size) {
    const chunk = buffer.subarray(start, start + size);
    for (let at = 0; at < chunk.length;) {
      at = reader.read(chunk, at);
      if (reader.isComplete)
        commands.push([reader.name, ...reader.args.map((arg) => arg.toString('latin1'))]);
    }
  }
  return commands;
}

describe('RequestReader', () => {
  it('reads arrays of strings, however they are cut', () => {
    const bytes = Buffer.concat([
      encodeCommand(['set', 'key', Buffer.from([0xff, 0x0d, 0x0a])]),
      encodeCommand(['Ping']),
      encodeCommand(['GET', '']),
    ]);
    for (const size of [1, 2, 3, 11, Infinity]) {
      expect(readAll(bytes, size)).toEqual([['SET', 'key', '\xff\r\n'], ['PING'], ['GET', '']]);
    }
  });

  it('reads lines, and lines between arrays', () => {
    const bytes = `PING\r\n*1\r\n$4\r\nPING\r\nset  a "b c"\nget 'it\\'s'\r\n`;
    for (const size of [1, 4, Infinity]) {
      expect(readAll(bytes, size)).toEqual([['PING'], ['PING'], ['SET', 'a', 'b c'], ['GET', "it's"]]);
    }
  });

  it('knows what is nothing: an empty line, an empty array', () => {
    expect(readAll('\r\n*0\r\n*-1\r\n  \r\nPING\r\n')).toEqual([[''], [''], [''], [''], ['PING']]);
  });

  it('keeps the beginning of long strings and their lengths', () => {
    const reader = new RequestReader(readLimits(4));
    reader.read(encodeCommand(['SET', 'k', 'abcdefgh']), 0);
    expect(reader.args.map(String)).toEqual(['k', 'abcd']);
    expect(reader.argLengths).toEqual(new Map([[1, 8]]));
  });

  it('keeps the first of many strings and their number', () => {
    const reader = new RequestReader({ ...readLimits(64), maxItems: 2 });
    reader.read(encodeCommand(['DEL', 'a', 'b', 'c', 'd']), 0);
    expect(reader).toMatchObject({
      isComplete: true,
      argCount: 4,
      args: [Buffer.from('a'), Buffer.from('b')],
    });
  });

  it.each([
    ["expected '$', got ':'", '*1\r\n:1\r\n'],
    ['invalid multibulk length', '*x\r\n'],
    ['invalid bulk length', '*1\r\n$-1\r\n'],
    ['unbalanced quotes in request', 'SET a "b\r\n'],
    ['too big inline request', 'x'.repeat(70_000)],
  ])('says as Redis does: %s', (message, bytes) => {
    expect(() => readAll(bytes)).toThrow(new RespError(message));
  });
});
