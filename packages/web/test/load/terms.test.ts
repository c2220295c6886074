import { generateArticles } from '@workshop/dataset';
import { describe, expect, it } from 'vitest';
import { ownAddress } from '../../src/load/own-address.ts';
import { TERMS } from '../../src/load/terms.ts';
import { zipf } from '../../src/load/zipf.ts';

/** How often each place is drawn, when every part of chance comes up alike. */
function counts(count: number, exponent: number, draws = 100_000): number[] {
  let drawn = 0;
  const next = zipf(count, exponent, () => (drawn++ + 0.5) / draws);
  const found = Array.from({ length: count }, () => 0);
  for (let draw = 0; draw < draws; draw++) found[next()]! += 1;
  return found;
}

describe('zipf', () => {
  it('draws place n as often as 1 / n', () => {
    const [first = 0, second = 0, third = 0, fourth = 0] = counts(200, 1);
    expect(first / second).toBeCloseTo(2, 1);
    expect(first / third).toBeCloseTo(3, 1);
    expect(first / fourth).toBeCloseTo(4, 1);
  });

  it('draws all alike with an exponent of 0', () => {
    for (const count of counts(10, 0)) expect(Math.abs(count - 10_000)).toBeLessThanOrEqual(1);
  });

  it('draws the first by far the most with one of 3', () => {
    const [first = 0] = counts(200, 3);
    expect(first).toBeGreaterThan(80_000);
  });

  it('stays within its places, whatever chance says', () => {
    for (const random of [0, 0.5, 1 - Number.EPSILON / 2]) {
      expect(zipf(200, 1, () => random)()).toBeGreaterThanOrEqual(0);
      expect(zipf(200, 1, () => random)()).toBeLessThan(200);
      expect(zipf(1, 1, () => random)()).toBe(0);
    }
  });
});

describe('the terms', () => {
  it('are two hundred words that the articles have', () => {
    expect(new Set(TERMS).size).toBe(200);
    const sentences = Array.from(generateArticles({ rows: 5_000 }), ({ Sentence }) => Sentence.toLowerCase());
    const text = sentences.join('\n');
    for (const term of TERMS) expect(text.includes(term.toLowerCase()), term).toBe(true);
  });
});

describe('ownAddress', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:8008'],
    ['0.0.0.0', 'http://127.0.0.1:8008'],
    ['::', 'http://[::1]:8008'],
    ['::1', 'http://[::1]:8008'],
    ['localhost', 'http://localhost:8008'],
    ['192.0.2.7', 'http://192.0.2.7:8008'],
  ])('of a server on %s is %s', (host, url) => {
    expect(ownAddress({ host, port: 8008 })).toBe(url);
  });
});
