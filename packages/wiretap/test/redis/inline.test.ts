import { describe, expect, it } from 'vitest';
import { splitInline } from '../../src/redis/inline.ts';

const words = (line: string): string[] | undefined =>
  splitInline(line)?.map((word) => word.toString('latin1'));

describe('splitInline', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['   ', []],
    ['PING', ['PING']],
    [' SET\tkey  value ', ['SET', 'key', 'value']],
    ['SET k ""', ['SET', 'k', '']],
    [`SET "a b" 'c d'`, ['SET', 'a b', 'c d']],
    [String.raw`SET k "\x41\n\t\"\\ \q"`, ['SET', 'k', 'A\n\t"\\ q']],
    [String.raw`SET k 'it\'s \n'`, ['SET', 'k', String.raw`it's \n`]],
    ['SET k"ey 1" v', ['SET', 'key 1', 'v']],
    ['SET k \xe9', ['SET', 'k', '\xe9']],
  ])('splits %j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each(['"', 'SET "a', "SET 'a", 'SET "a"b', `SET 'a\\'`])('finds no pairs of quotes in %j', (line) => {
    expect(words(line)).toBeUndefined();
  });
});
