import { describe, expect, it, vi } from 'vitest';
import { gate, makeCache, makeTappedCache } from './support.ts';
import { called, makePair, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };
const tagged = (...tags: string[]) => ({ ...TTL, tags });

describe('invalidateTags', () => {
  it('voids all entries of each of its tags, in every process, and no others', async () => {
    const { here, there } = makePair();
    await here.getOrLoad('a', () => 1, tagged('x'));
    await here.getOrLoad('b', () => 2, tagged('y', 'z'));
    await here.set('c', 3, tagged('z'));
    await here.getOrLoad('d', () => 4, tagged('w'));
    await here.getOrLoad('e', () => 5, TTL);
    expect(await there.invalidateTags(['x', 'z', 'x'])).toBe(true);
    for (const cache of [here, there]) {
      const found = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => cache.get(key)));
      expect(found.map((lookup) => (lookup.outcome === 'hit' ? lookup.value : lookup.reason))).toEqual([
        'invalidated',
        'invalidated',
        'invalidated',
        4,
        5,
      ]);
    }
    expect(there.stats()).toMatchObject({ tagInvalidations: 2, invalidations: 0 });
  });

  it('lets the next load be kept again', async () => {
    const { here, there } = makePair();
    const load = vi.fn().mockReturnValueOnce('old').mockReturnValueOnce('new');
    await here.getOrLoad<string>('key', load, tagged('tag'));
    await there.invalidateTags(['tag']);
    const answer = await here.getOrLoadWithOutcome<string>('key', load, tagged('tag'));
    expect(answer).toMatchObject({ outcome: 'miss', reason: 'invalidated', value: 'new' });
    expect(await there.getOrLoad<string>('key', load, tagged('tag'))).toBe('new');
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('costs one command a tag, however many entries have it', async () => {
    const { cache, tap } = await makeTappedCache(UNHURRIED);
    await Promise.all(Array.from({ length: 500 }, (_, id) => cache.set(`key:${id}`, id, tagged('all'))));
    const mark = tap.record.mark();
    expect(await cache.invalidateTags(['all'])).toBe(true);
    const sent = tap.record
      .since(mark)
      .filter((event) => event.store === 'redis' && event.kind === 'command');
    expect(sent).toHaveLength(1);
    expect(await cache.get('key:499')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
  });

  it('of nothing, and of a tag that nothing has, is quietly true', async () => {
    const { cache } = makeCache(UNHURRIED);
    expect(await cache.invalidateTags([])).toBe(true);
    expect(await cache.invalidateTags(['nobody’s'])).toBe(true);
  });

  it('during a load keeps its value from later readers of both processes', async () => {
    const { here, there } = makePair();
    const [before, after] = [gate<string>(), gate<string>()];
    const load = vi.fn().mockReturnValueOnce(before.promise).mockReturnValueOnce(after.promise);
    const early = here.getOrLoad<string>('key', load, tagged('tag', 'other'));
    await called(load, 1);
    expect(await there.invalidateTags(['tag'])).toBe(true);
    const late = here.getOrLoadWithOutcome<string>('key', load, tagged('tag', 'other'));
    await called(load, 2);
    before.open('old');
    expect(await early).toBe('old');
    expect(await there.get('key')).toMatchObject({ outcome: 'miss' });
    after.open('new');
    expect(await late).toMatchObject({ value: 'new', coalesced: false, storing: { stored: true } });
    expect(await there.getOrLoad<string>('key', load, tagged('tag', 'other'))).toBe('new');
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('by this process voids the load it has under way, and no load without the tag', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const early = cache.getOrLoadWithOutcome('key', load, tagged('tag'));
    const other = cache.getOrLoadWithOutcome('other', load, tagged('another'));
    await called(load, 2);
    await cache.invalidateTags(['tag']);
    held.open('old');
    expect(await early).toMatchObject({
      value: 'old',
      storing: { stored: false, storeReason: 'superseded' },
    });
    expect(await other).toMatchObject({ value: 'old', storing: { stored: true } });
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
    expect(cache.stats().voidedLoads).toBe(1);
  });

  it('that Redis does not hear is kept by this process, until it is made good', async () => {
    const { cache, tap, prefix, redis } = await makeTappedCache(UNHURRIED);
    await cache.getOrLoad('key', () => 'old', tagged('tag'));
    const spell = tap.weather.fail(({ name }) => name === 'UNLINK', 'READONLY You cannot write now');
    expect(await cache.invalidateTags(['tag'])).toBe(false);
    expect(await cache.get('key')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    expect(cache.stats()).toMatchObject({ owedInvalidations: 1, tagInvalidations: 0 });
    const refused = await cache.getOrLoadWithOutcome('key', () => 'new', tagged('tag'));
    expect(refused).toMatchObject({ reason: 'invalidated', value: 'new', storing: { stored: false } });
    expect(await redis.exists(`${prefix}:tag:{tag}`)).toBe(1);
    spell.stop();
    expect(await cache.getOrLoad('key', () => 'new', tagged('tag'))).toBe('new');
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 'new' });
    expect(cache.stats().owedInvalidations).toBe(0);
  });
});

describe('a stamp', () => {
  it('that Redis evicted makes its entries misses, and its successor does not bring them back', async () => {
    const { here, there, redis, prefix } = makePair();
    await here.getOrLoad('a', () => 'old', tagged('tag'));
    await here.getOrLoad('b', () => 'old', tagged('tag'));
    expect(await redis.unlink(`${prefix}:tag:{tag}`)).toBe(1);
    expect(await here.get('a')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    // A load makes a new stamp: the other entry still carries the old one.
    expect(await here.getOrLoad('a', () => 'new', tagged('tag'))).toBe('new');
    expect(await redis.exists(`${prefix}:tag:{tag}`)).toBe(1);
    expect(await there.get('a')).toMatchObject({ outcome: 'hit', value: 'new' });
    expect(await there.get('b')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
  });

  it('evicted during a load leaves an entry that nobody takes', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const early = cache.getOrLoad('key', load, tagged('tag'));
    await called(load);
    await redis.unlink(`${prefix}:tag:{tag}`);
    held.open('old');
    expect(await early).toBe('old');
    expect(await cache.get('key')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    expect(await cache.getOrLoad('key', () => 'new', tagged('tag'))).toBe('new');
  });

  it('lives at least as long as the longest of its entries', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    const left = () => redis.pttl(`${prefix}:tag:{tag}`);
    await cache.getOrLoad('long', () => 1, { ...tagged('tag'), ttlMs: 6_000_000, staleIfErrorMs: 1_000_000 });
    expect(await left()).toBeGreaterThan(await redis.pttl(`${prefix}:long`));
    expect(await left()).toBeGreaterThan(6_900_000);
    await cache.getOrLoad('short', () => 1, { ...tagged('tag'), ttlMs: 1_000 });
    expect(await left()).toBeGreaterThan(6_900_000);
    await cache.set('longer', 1, { ...tagged('tag'), ttlMs: 9_000_000 });
    expect(await left()).toBeGreaterThan(8_900_000);
    await cache.getOrLoad('computed', () => 1, { ...tagged('tag'), ttlMs: () => 20_000_000 });
    expect(await left()).toBeGreaterThan(19_900_000);
    expect(await cache.get('computed')).toMatchObject({ outcome: 'hit' });
  });
});

describe('the tags of an entry', () => {
  it('hold for a reader that does not name them', async () => {
    const { here, there } = makePair();
    await here.getOrLoad('key', () => 'old', tagged('tag'));
    expect(await there.get('key')).toMatchObject({ outcome: 'hit', value: 'old' });
    expect(await there.getOrLoad('key', () => 'other', TTL)).toBe('old');
    await there.invalidateTags(['tag']);
    expect(await here.get('key')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    expect(await here.getOrLoad('key', () => 'new', TTL)).toBe('new');
  });

  it('must be all that the reader names: an entry of before a tag was introduced is a miss', async () => {
    const { cache } = makeCache(UNHURRIED);
    await cache.getOrLoad('none', () => 'old', TTL);
    await cache.getOrLoad('one', () => 'old', tagged('a'));
    await cache.getOrLoad('both', () => 'old', tagged('b', 'a', 'a'));
    const read = (key: string) => cache.getOrLoadWithOutcome(key, () => 'new', tagged('a', 'b'));
    expect(await read('none')).toMatchObject({ reason: 'invalidated', value: 'new' });
    expect(await read('one')).toMatchObject({ reason: 'invalidated', value: 'new' });
    expect(await read('both')).toMatchObject({ outcome: 'hit', value: 'old' });
    await cache.invalidateTags(['b']);
    expect(await cache.get('none')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
  });

  it('may be any text, one that an object has by nature included', async () => {
    const { cache } = makeCache(UNHURRIED);
    for (const tag of ['__proto__', 'constructor', 'toString', '{a}', '日本', 'a'.repeat(300), '"', '\n']) {
      await cache.getOrLoad(tag, () => 1, tagged(tag, 'common'));
      expect(await cache.get(tag)).toMatchObject({ outcome: 'hit' });
      expect(await cache.getOrLoad(tag, () => 2, tagged(tag))).toBe(1);
      await cache.invalidateTags([tag]);
      expect(await cache.get(tag)).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    }
  });

  it('do not touch the value, as bytes either', async () => {
    const { cache } = makeCache(UNHURRIED);
    const value = { at: new Date(0), bytes: Buffer.from('@{}\n') };
    await cache.getOrLoad('key', () => value, tagged('tag'));
    expect(await cache.getOrLoad('key', () => undefined, tagged('tag'))).toStrictEqual(value);
    await cache.getOrLoad('plain', () => [1, 2], tagged('tag'));
    expect((await cache.getOrLoadJson('plain', () => [], tagged('tag'))).toString()).toBe('[1,2]');
  });
});
