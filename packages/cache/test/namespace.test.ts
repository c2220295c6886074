import { assert, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { CacheOptionError } from '../src/index.ts';
import { makeCache } from './support.ts';
import { UNHURRIED } from './support-time.ts';

interface Article {
  readonly id: number;
  readonly title: string;
}
const article = (id: number): Article => ({ id, title: `article ${id}` });
const never = () => assert.fail('this is not loaded');

describe('a namespace', () => {
  it('has the methods of a cache, for keys and values of its own type', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    const articles = cache.namespace<Article, number>('article', { ttlMs: 60_000 });
    expect(await articles.getOrLoad(7, () => article(7))).toEqual(article(7));
    expect(await redis.exists(`${prefix}:article:7`)).toBe(1);
    expect(await articles.getOrLoadWithOutcome(7, never)).toMatchObject({
      outcome: 'hit',
      value: article(7),
    });
    expect((await articles.getOrLoadJson(7, never)).toString()).toBe(JSON.stringify(article(7)));
    const many = await articles.getOrLoadMany([8, 7], (ids) => new Map(ids.map((id) => [id, article(id)])));
    expect([...many]).toEqual([
      [8, article(8)],
      [7, article(7)],
    ]);
    expect(await articles.set(9, article(9))).toBe(true);
    expect(await articles.get(9)).toMatchObject({ outcome: 'hit', value: article(9) });
    expect(await articles.invalidate(9)).toBe(true);
    expect(await articles.get(9)).toMatchObject({ outcome: 'miss' });
    expectTypeOf<Parameters<typeof articles.getOrLoad>[0]>().toEqualTypeOf<number>();
    expectTypeOf<ReturnType<typeof articles.getOrLoad>>().toEqualTypeOf<Promise<Article>>();
    expectTypeOf(many).toEqualTypeOf<Map<number, Article>>();
  });

  it('shares its keys with the cache itself, and with no other namespace', async () => {
    const { cache } = makeCache(UNHURRIED);
    const names = ['a', 'a:b', 'a%3Ab', '1'];
    const spaces = names.map((name) => cache.namespace<string>(name, { ttlMs: 60_000 }));
    for (const [index, space] of spaces.entries()) await space.set('b:c', names[index] ?? '');
    await spaces[0]?.set('c', 'of a');
    const found = await Promise.all(spaces.map((space) => space.getOrLoad('b:c', never)));
    expect(found).toEqual(names);
    const [first] = spaces;
    assert(first !== undefined);
    expect(await cache.getOrLoad(first.keyOf('c'), never, { ttlMs: 1 })).toBe('of a');
  });

  it('writes keys of parts as it is told', async () => {
    const { cache } = makeCache(UNHURRIED);
    const search = cache.namespace<number[], { place: string; limit: number }>('search', {
      ttlMs: 60_000,
      key: ({ place, limit }) => [place, limit],
    });
    expect(search.keyOf({ place: 'Köln', limit: 10 })).toBe('search:Köln:10');
    await search.set({ place: 'Köln', limit: 10 }, [1]);
    expect(await search.getOrLoad({ limit: 10, place: 'Köln' }, never)).toEqual([1]);
    const keys = [
      { place: 'a', limit: 1 },
      { place: 'b', limit: 1 },
    ];
    const found = await search.getOrLoadMany(
      keys,
      (missing) => new Map(missing.map((key) => [key, [key.limit]])),
    );
    expect([...found.keys()]).toEqual(keys);
  });

  it('gives its options to each call, which may change them', async () => {
    const { cache } = makeCache(UNHURRIED);
    const rows = cache.namespace<string | null, number>('row', { ttlMs: 60_000, absentTtlMs: 5_000 });
    expect(await rows.getOrLoadWithOutcome(1, () => 'row')).toMatchObject({ storing: { ttlMs: 60_000 } });
    expect(await rows.getOrLoadWithOutcome(2, () => null)).toMatchObject({ storing: { ttlMs: 5_000 } });
    const short = await rows.getOrLoadWithOutcome(3, () => 'row', { ttlMs: 2_000 });
    expect(short).toMatchObject({ storing: { ttlMs: 2_000 } });
  });

  it('sets for the time that its options say, absent values for theirs', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    const left = (key: string) => redis.pttl(`${prefix}:${key}`);
    const within = async (key: string, min: number, max: number) => {
      expect(await left(key)).toBeGreaterThan(min);
      expect(await left(key)).toBeLessThanOrEqual(max);
    };
    const rows = cache.namespace<{ days: number } | null, number>('row', {
      ttlMs: (row) => (row?.days ?? Number.NaN) * 100_000,
      absentTtlMs: 50_000,
    });
    await rows.set(1, { days: 2 });
    await within('row:1', 100_000, 200_000);
    await rows.set(2, null);
    await within('row:2', 0, 50_000);
    const fixed = cache.namespace<string | null>('fixed', { ttlMs: 100_000, absentTtlMs: 50_000 });
    await fixed.set('a', null);
    await within('fixed:a', 0, 50_000);
    await fixed.set('b', 'value');
    await within('fixed:b', 50_000, 100_000);
    const none = cache.namespace<{ days: number } | null, number>('none', { ttlMs: () => 1_000 });
    await expect(none.set(1, null)).rejects.toThrow(CacheOptionError);
  });

  it('tags by a list or by the key', async () => {
    const { cache } = makeCache(UNHURRIED);
    const listed = cache.namespace<number, number>('listed', { ttlMs: 60_000, tags: ['all'] });
    const byKey = cache.namespace<number, number>('by-key', {
      ttlMs: 60_000,
      tags: (id) => ['all', `id:${id}`],
    });
    const load = vi.fn((ids: number[]) => new Map(ids.map((id) => [id, id])));
    await listed.getOrLoadMany([1, 2], load);
    await byKey.getOrLoadMany([1, 2], load);
    await byKey.set(3, 3);
    await byKey.invalidateTags(['id:1', 'id:3']);
    expect(await byKey.get(1)).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    expect(await byKey.get(2)).toMatchObject({ outcome: 'hit' });
    expect(await byKey.get(3)).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    await cache.invalidateTags(['all']);
    for (const space of [listed, byKey]) {
      expect(await space.get(2)).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    }
  });

  it('takes an option that is undefined for one not given', async () => {
    const { cache } = makeCache(UNHURRIED);
    const rows = cache.namespace<string, number>('row', { ttlMs: 60_000, tags: ['all'] });
    await rows.getOrLoad(1, () => 'row', { tags: undefined });
    await rows.getOrLoadMany([2], (ids) => new Map(ids.map((id) => [id, 'row'])), { tags: undefined });
    await rows.set(3, 'row', { tags: undefined });
    await cache.invalidateTags(['all']);
    for (const id of [1, 2, 3])
      expect(await rows.get(id)).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
  });

  it('rejects, rather than throws, for a key that cannot be', async () => {
    const { cache } = makeCache(UNHURRIED);
    const rows = cache.namespace<string>('row', { ttlMs: 60_000 });
    const bad = {} as string;
    const reads = [
      () => rows.getOrLoad(bad, () => 'row'),
      () => rows.getOrLoadMany([bad], () => new Map()),
      () => rows.get(bad),
      () => rows.set(bad, 'row'),
      () => rows.invalidate(bad),
    ];
    for (const read of reads) await expect(read()).rejects.toThrow(CacheOptionError);
  });

  it.each<[string, string, Record<string, unknown> | undefined]>([
    ['namespace', '', { ttlMs: 1_000 }],
    ['ttlMs', 'row', {}],
    ['ttlMs', 'row', undefined],
    ['ttlMs', 'row', { ttlMs: 0 }],
    ['key', 'row', { ttlMs: 1_000, key: 'id' }],
    ['tags', 'row', { ttlMs: 1_000, tags: 'all' }],
    ['tags', 'row', { ttlMs: 1_000, tags: [''] }],
    ['jitter', 'row', { ttlMs: 1_000, jitter: 2 }],
  ])('names the option %s at once, when it is made of %j and %j', (option, name, options) => {
    const { cache } = makeCache(UNHURRIED);
    const make = () => cache.namespace(name, options as never);
    expect(make).toThrow(CacheOptionError);
    expect(make).toThrow(expect.objectContaining({ option }));
  });
});
