import type { RedisEvent } from '@workshop/wiretap';
import { describe, expect, it, vi } from 'vitest';
import { CacheOptionError } from '../src/index.ts';
import { storeScript } from '../src/redis/scripts.ts';
import { gate, makeCache, makeTappedCache } from './support.ts';
import { called, makePair, PATIENCE, UNHURRIED } from './support-time.ts';

const OPTIONS = { ttlMs: 60_000, key: (id: number) => `row:${id}` };
/** Every third row does not exist. */
const rows = (ids: number[]) =>
  new Map(ids.filter((id) => id % 3 !== 0).map((id) => [id, { id, title: `row ${id}` }]));
const commands = (events: readonly { store: string }[]) =>
  events.filter(
    (event): event is RedisEvent => event.store === 'redis' && (event as RedisEvent).kind === 'command',
  );

describe('getOrLoadMany', () => {
  it('asks with one MGET, and the loader once for what is missing', async () => {
    const { cache, tap } = await makeTappedCache(UNHURRIED);
    await cache.set('row:2', { id: 2, title: 'stored' }, OPTIONS);
    const loadMany = vi.fn((ids: number[]) => Promise.resolve(rows(ids)));
    const mark = tap.record.mark();
    const found = await cache.getOrLoadMany([5, 2, 3, 1], loadMany, OPTIONS);
    expect([...found]).toEqual([
      [5, { id: 5, title: 'row 5' }],
      [2, { id: 2, title: 'stored' }],
      [1, { id: 1, title: 'row 1' }],
    ]);
    expect(loadMany.mock.calls).toEqual([[[5, 3, 1]]]);
    const [first, ...rest] = commands(tap.record.since(mark));
    expect(first).toMatchObject({ name: 'MGET' });
    expect(first?.args).toHaveLength(4);
    expect(rest.filter(({ name }) => name === 'MGET' || name === 'GET')).toEqual([]);
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 3, loads: 3 });
  });

  it('finds all of it again, the absent ones as absent, with one command', async () => {
    const { cache, tap } = await makeTappedCache(UNHURRIED);
    const loadMany = vi.fn(rows);
    const first = await cache.getOrLoadMany([1, 2, 3], loadMany, OPTIONS);
    const mark = tap.record.mark();
    expect(await cache.getOrLoadMany([1, 2, 3], loadMany, OPTIONS)).toEqual(first);
    expect(loadMany).toHaveBeenCalledTimes(1);
    expect(commands(tap.record.since(mark)).map(({ name }) => name)).toEqual(['MGET']);
    expect(await cache.get('row:3')).toMatchObject({ outcome: 'hit', value: undefined });
    expect(await cache.getOrLoad('row:3', () => 'loaded', OPTIONS)).toBeUndefined();
  });

  it('keeps absent ones for absentTtlMs', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    await cache.getOrLoadMany([1, 3], rows, { ...OPTIONS, absentTtlMs: 30_000 });
    const [present, absent] = await Promise.all([1, 3].map((id) => redis.pttl(`${prefix}:row:${id}`)));
    expect(present).toBeGreaterThan(30_000);
    expect(absent).toBeLessThanOrEqual(30_000);
    expect(absent).toBeGreaterThan(0);
  });

  it('sends the writes without waiting for one another', async () => {
    const { cache, tap } = await makeTappedCache(UNHURRIED);
    await cache.getOrLoad('warm', () => 1, OPTIONS);
    const storing = (event: RedisEvent) => String(event.args?.[0]) === storeScript.sha;
    const held = tap.weather.hang(storing);
    const read = cache.getOrLoadMany([1, 2, 3, 4], rows, OPTIONS);
    await vi.waitFor(() => expect(commands(tap.record.events).filter(storing)).toHaveLength(5), PATIENCE);
    held.stop();
    expect((await read).size).toBe(3);
  });

  it('takes an id that is asked for twice for one, and nothing for nothing', async () => {
    const { cache, tap } = await makeTappedCache(UNHURRIED);
    const loadMany = vi.fn(rows);
    const mark = tap.record.mark();
    expect(await cache.getOrLoadMany([], loadMany, OPTIONS)).toEqual(new Map());
    expect(loadMany).not.toHaveBeenCalled();
    expect(commands(tap.record.since(mark))).toEqual([]);
    expect([...(await cache.getOrLoadMany([1, 1, 2, 1], loadMany, OPTIONS)).keys()]).toEqual([1, 2]);
    expect(loadMany.mock.calls).toEqual([[[1, 2]]]);
    expect([...(await cache.getOrLoadMany(new Set([2, 1]).values(), loadMany, OPTIONS)).keys()]).toEqual([
      2, 1,
    ]);
  });

  it('passes on what the loader throws, stores nothing of it, and leaves no lease', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    await cache.set('row:1', 'stored', OPTIONS);
    const failure = new Error('the database is away');
    await expect(cache.getOrLoadMany([1, 2, 4], () => Promise.reject(failure), OPTIONS)).rejects.toBe(
      failure,
    );
    await expect(
      cache.getOrLoadMany(
        [1, 2, 4],
        () => {
          throw failure;
        },
        OPTIONS,
      ),
    ).rejects.toBe(failure);
    expect(cache.stats()).toMatchObject({ loads: 4, loadErrors: 4 });
    await vi.waitFor(
      async () => expect(await redis.keys(`${prefix}:*`)).toEqual([`${prefix}:row:1`]),
      PATIENCE,
    );
    expect((await cache.getOrLoadMany([2, 4], rows, OPTIONS)).size).toBe(2);
  });

  it('refuses a loader that gives no Map, and options without a key', async () => {
    const { cache } = makeCache(UNHURRIED);
    // @ts-expect-error: an object is no Map
    await expect(cache.getOrLoadMany([1], () => ({ 1: 'row' }), OPTIONS)).rejects.toThrow(
      /^loadMany must be .* but is an object/,
    );
    // @ts-expect-error: no key
    await expect(cache.getOrLoadMany([1], rows, { ttlMs: 1 })).rejects.toThrow(/^key must be a function/);
    // @ts-expect-error: no loader
    await expect(cache.getOrLoadMany([1], undefined, OPTIONS)).rejects.toThrow(CacheOptionError);
    await expect(cache.getOrLoadMany([1], rows, { ...OPTIONS, key: () => '' })).rejects.toThrow(
      /^key must be/,
    );
  });

  it('tags each id’s value on its own', async () => {
    const { here, there } = makePair();
    const options = { ...OPTIONS, tagsOf: (id: number) => [`row:${id}`, id % 2 === 0 ? 'even' : 'odd'] };
    const loadMany = vi.fn(rows);
    await here.getOrLoadMany([1, 2, 4, 5], loadMany, options);
    await there.invalidateTags(['even', 'row:5']);
    const again = await here.getOrLoadMany([1, 2, 4, 5], loadMany, options);
    expect([...again.keys()]).toEqual([1, 2, 4, 5]);
    expect(loadMany.mock.calls.at(-1)).toEqual([[2, 4, 5]]);
  });
});

describe('getOrLoadMany of ids that others want too', () => {
  it('joins the load of one of them, and loads the others at once', async () => {
    const { cache } = makeCache(UNHURRIED);
    const held = gate<{ id: number; title: string }>();
    const single = vi.fn(() => held.promise);
    const one = cache.getOrLoad('row:1', single, OPTIONS);
    await called(single);
    const loadMany = vi.fn(rows);
    const many = cache.getOrLoadMany([1, 2], loadMany, OPTIONS);
    await called(loadMany);
    expect(loadMany.mock.calls).toEqual([[[2]]]);
    held.open({ id: 1, title: 'loaded alone' });
    expect((await many).get(1)).toEqual(await one);
    expect(cache.stats().coalesced).toBe(1);
  });

  it.each([
    ['in one process', true],
    ['in two', false],
  ])('loads every id once among calls that overlap crosswise, %s', async (_name, isOne) => {
    const { here, there } = makePair();
    const caches = isOne ? [here, here, here] : [here, there, here];
    const loadMany = vi.fn((ids: number[]) => Promise.resolve(rows(ids)));
    const wanted = [
      [1, 2, 4, 5],
      [5, 4, 7, 1],
      [8, 7, 2],
    ];
    const found = await Promise.all(
      wanted.map((ids, index) => (caches[index] ?? here).getOrLoadMany(ids, loadMany, OPTIONS)),
    );
    expect(found.map((map) => [...map.keys()])).toEqual(wanted);
    expect(loadMany.mock.calls.flatMap(([ids]) => ids).toSorted((a, b) => a - b)).toEqual([1, 2, 4, 5, 7, 8]);
  });

  it('takes over what another process failed to load', async () => {
    const { here, there } = makePair();
    const held = gate<Map<number, string>>();
    const failing = vi.fn((_ids: number[]) => held.promise);
    const first = here.getOrLoadMany([1, 2], failing, OPTIONS);
    await called(failing);
    const loadMany = vi.fn((ids: number[]) => new Map(ids.map((id) => [id, `row ${id}`])));
    const second = there.getOrLoadMany([1, 2, 4], loadMany, OPTIONS);
    await called(loadMany);
    expect(loadMany.mock.calls).toEqual([[[4]]]);
    held.fail(new Error('deadlock found'));
    await expect(first).rejects.toThrow('deadlock found');
    expect([...(await second).values()]).toEqual(['row 1', 'row 2', 'row 4']);
    expect(
      loadMany.mock.calls
        .slice(1)
        .flatMap(([ids]) => ids)
        .toSorted((a, b) => a - b),
    ).toEqual([1, 2]);
  });

  it('is not stored where one of them was invalidated meanwhile, and is where not', async () => {
    const { here, there } = makePair();
    const held = gate<Map<number, string>>();
    const loadMany = vi.fn((_ids: number[]) => held.promise);
    const read = here.getOrLoadMany([1, 2], loadMany, OPTIONS);
    await called(loadMany);
    await there.invalidate('row:1');
    held.open(
      new Map([
        [1, 'old'],
        [2, 'row 2'],
      ]),
    );
    expect([...(await read).values()]).toEqual(['old', 'row 2']);
    expect(await there.get('row:1')).toMatchObject({ outcome: 'miss', reason: 'absent' });
    expect(await there.get('row:2')).toMatchObject({ outcome: 'hit', value: 'row 2' });
  });

  it('loads all at once when Redis is away, and joins nobody’s older load', async () => {
    const { cache, tap, client } = await makeTappedCache(UNHURRIED);
    await cache.get('warm');
    tap.weather.refuse();
    await vi.waitFor(() => expect(client.status).not.toBe('ready'), PATIENCE);
    const loadMany = vi.fn(rows);
    expect((await cache.getOrLoadMany([1, 2, 3], loadMany, OPTIONS)).size).toBe(2);
    expect(loadMany.mock.calls).toEqual([[[1, 2, 3]]]);
    expect(cache.stats()).toMatchObject({ bypasses: 3, loads: 3 });
  });
});
