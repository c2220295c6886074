import { describe, expect, it } from 'vitest';
import { CacheOptionError, cacheKey } from '../src/index.ts';
import type { KeyPart } from '../src/index.ts';

describe('cacheKey', () => {
  it('is readable', () => {
    expect(cacheKey(['search', 'delta', 500])).toBe('search:delta:500');
    expect(cacheKey(['by-place', 'Köln', true, null])).toBe('by-place:Köln:true:null');
  });

  it('gives different parts different keys', () => {
    const lists: KeyPart[][] = [
      ['a', 'b', 'c'],
      ['a:b', 'c'],
      ['a', 'b:c'],
      ['a:b:c'],
      ['a%3Ab', 'c'],
      ['a', 'b', 'c', ''],
      ['', 'a', 'b', 'c'],
      [''],
      ['', ''],
      ['""'],
      ['"'],
      [1],
      ['1'],
      ['"1"'],
      [1n],
      ['1n'],
      [-1.5],
      ['-1.5'],
      ['1.50'],
      [true],
      ['true'],
      [null],
      ['null'],
      [undefined],
      ['undefined'],
      [Number.NaN],
      ['NaN'],
      [Number.POSITIVE_INFINITY],
      ['Infinity'],
      [' '],
      ['\t'],
      ['\n'],
      ['{a}'],
      ['%7Ba%7D'],
      ['\u{1F600}'],
      ['\uD83D'],
      ['\uDE00'],
      ['%ud83d'],
      ['é'],
      ['e\u0301'],
    ];
    const keys = lists.map((parts) => Buffer.from(cacheKey(parts)).toString('hex'));
    expect(new Set(keys).size).toBe(lists.length);
  });

  it('lets no part choose a cluster slot or break a line', () => {
    expect(cacheKey(['search', '{x}', 'two words\r\n'])).toBe('search:%7Bx%7D:two%20words%0D%0A');
  });

  it('refuses what has no canonical form, and says which part', () => {
    // @ts-expect-error: an object is no key part
    expect(() => cacheKey(['search', { term: 'delta' }])).toThrow(
      /cacheKey part 1 must be .* but is an object/,
    );
    expect(() => cacheKey([])).toThrow(CacheOptionError);
  });
});
