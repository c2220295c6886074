import * as fc from 'fast-check';
import calculateSlot from 'cluster-key-slot';
import { describe, expect, it } from 'vitest';
import { leaseOf, namesUnder } from '../src/names.ts';
import { makeCache } from './support.ts';

const names = namesUnder('articles');

/** Text made of what has a meaning in a name, so that near misses are frequent, and any other text. */
const text = fc.oneof(
  fc
    .array(fc.constantFrom('%', '{', '}', '(', ')', ':', 'a', '"', 'tag:', 'lease:'), { minLength: 1 })
    .map((parts) => parts.join('')),
  fc.string({ minLength: 1, unit: 'binary' }),
);

/** A brace has an odd number of percent signs before it, a round bracket an even one, half of which are the text's own. */
function readBack(written: string): string {
  return written.replace(/(%+)([()])/g, (_whole, signs: string, bracket: string) => {
    const own = '%'.repeat(Math.floor(signs.length / 2));
    if (signs.length % 2 === 0) return own + bracket;
    return own + (bracket === '(' ? '{' : '}');
  });
}

const RUNS = { numRuns: 5_000 };

describe('the names in Redis', () => {
  it('are readable', () => {
    expect(names.value('search:delta:500')).toBe('articles:search:delta:500');
    expect(names.tag('country:DE')).toBe('articles:tag:{country:DE}');
    expect(leaseOf(names.value('rows'), 'articles')).toBe('articles:lease:{articles:rows}');
  });

  it.each([
    ['{', '%('],
    ['}', '%)'],
    ['%(', '%%('],
    ['%{', '%%%('],
    ['%%)', '%%%%)'],
    ['100%', '100%'],
    ['f(x)', 'f(x)'],
  ])('write %s as %s', (key, written) => {
    expect(names.value(key)).toBe(`articles:${written}`);
    expect(names.tag(key)).toBe(`articles:tag:{${written}}`);
  });

  it('can be read back, so that no two keys share one', () => {
    fc.assert(
      fc.property(text, (key) => {
        expect(readBack(names.value(key).slice('articles:'.length))).toBe(key);
        expect(readBack(names.tag(key).slice('articles:tag:{'.length, -1))).toBe(key);
      }),
      RUNS,
    );
  });

  it('of all short texts are different', () => {
    const signs = ['%', '{', '}', '(', ')', 'a'];
    const texts = signs.flatMap((a) => [
      a,
      ...signs.flatMap((b) => [
        a + b,
        ...signs.flatMap((c) => [a + b + c, ...signs.map((d) => a + b + c + d)]),
      ]),
    ]);
    expect(new Set(texts.map((each) => names.value(each))).size).toBe(texts.length);
    expect(new Set(texts.map((each) => names.tag(each))).size).toBe(texts.length);
  });

  it('of a value is never that of a tag or a lease, whatever the key', () => {
    fc.assert(
      fc.property(text, text, (key, other) => {
        const value = names.value(key);
        expect(value).not.toMatch(/[{}]/);
        expect([names.tag(other), leaseOf(names.value(other), 'articles')]).not.toContain(value);
      }),
      RUNS,
    );
  });

  it('of a value and of its lease share a slot of a cluster, and keys are spread over the slots', () => {
    fc.assert(
      fc.property(text, (key) => {
        const value = names.value(key);
        expect(calculateSlot(leaseOf(value, 'articles'))).toBe(calculateSlot(value));
      }),
      RUNS,
    );
    const slots = Array.from({ length: 100 }, (_, index) => calculateSlot(names.value(`{user}:${index}`)));
    expect(new Set(slots).size).toBeGreaterThan(90);
  });

  it('keep values under keys of any text apart, in Redis itself', async () => {
    const { cache } = makeCache({ timeoutMs: 20_000 });
    const keys = ['%{', '%(', '%%(', '{', 'tag:{a}', 'lease:{a}', '{a}', '%(a%)'];
    await Promise.all(keys.map((key) => cache.set(key, key, { ttlMs: 60_000, tags: [key] })));
    expect(await cache.invalidateTags(['%{'])).toBe(true);
    const found = await Promise.all(keys.map((key) => cache.get<string>(key)));
    expect(found.map((lookup) => (lookup.outcome === 'hit' ? lookup.value : lookup.reason))).toEqual([
      'invalidated',
      ...keys.slice(1),
    ]);
  });
});
