import { assert, describe, expect, it, vi } from 'vitest';
import type { Cache } from '../../../src/index.ts';
import type { Bench } from '../bench.ts';
import { PATIENCE, TTL } from '../bench.ts';

/** How values are read, loaded and found again. */
export function reading({ makePair }: Bench): void {
  describe('getOrLoad', () => {
    it('loads once, and then it is a hit, in this process and in another', async () => {
      const { here, there } = makePair();
      const load = vi.fn(() => ({ id: 7, at: new Date(0) }));
      const miss = await here.getOrLoadWithOutcome('key', load, TTL);
      expect(miss).toMatchObject({ outcome: 'miss', reason: 'absent', coalesced: false });
      assert(miss.outcome === 'miss');
      expect(miss.storing).toMatchObject({ stored: true, ttlMs: 60_000 });
      for (const cache of [here, there]) {
        // A replica may lag behind, and then the primary is asked: the load is not repeated in any case.
        const hit = await cache.getOrLoadWithOutcome('key', load, TTL);
        expect(hit.value).toEqual({ id: 7, at: new Date(0) });
      }
      expect(load).toHaveBeenCalledTimes(1);
      const hit = await vi.waitFor(async () => {
        const found = await there.get('key');
        assert(found.outcome === 'hit');
        return found;
      }, PATIENCE);
      expect(hit.ttlMs).toBeGreaterThan(0);
      expect(hit.ttlMs).toBeLessThanOrEqual(60_000);
    });

    it.each([
      ['undefined', undefined],
      ['null', null],
      ['0', 0],
      ['-0', -0],
      ['NaN', Number.NaN],
      ['false', false],
      ["''", ''],
      ['0n', 0n],
      ['an empty Buffer', Buffer.alloc(0)],
      ['[]', []],
    ])('takes %s for a value', async (_name, value) => {
      const { here, there } = makePair();
      const load = vi.fn(() => value);
      expect(await here.getOrLoad('key', load, TTL)).toEqual(value);
      expect(await there.getOrLoad('key', load, TTL)).toEqual(value);
      expect(load).toHaveBeenCalledTimes(1);
      expect(await here.set('set', value, TTL)).toBe(true);
      expect(await there.get('set')).toMatchObject({ outcome: 'hit', value });
    });

    it('passes on what the load throws, stores nothing, and loads again', async () => {
      const { here, there } = makePair();
      const failure = new Error('the database is away');
      await expect(here.getOrLoad('key', () => Promise.reject(failure), TTL)).rejects.toBe(failure);
      expect(await there.getOrLoad('key', () => 'there again', TTL)).toBe('there again');
    });

    it('takes keys of any text, each for itself', async () => {
      const { here, there } = makePair();
      const keys = [
        'a',
        'a:b',
        '{a}',
        'a{b}c',
        '}{',
        'é 😀',
        'lease:{x}',
        'tag:{x}',
        '%(',
        'x'.repeat(1_000),
      ];
      await Promise.all(keys.map((key) => here.getOrLoad(key, () => `of ${key}`, TTL)));
      const found = await Promise.all(keys.map((key) => there.getOrLoad(key, () => 'loaded again', TTL)));
      expect(found).toEqual(keys.map((key) => `of ${key}`));
    });

    it('keeps an absent value and a computed TTL for their own time', async () => {
      const { here } = makePair();
      const absent = await here.getOrLoadWithOutcome('absent', () => null, { ...TTL, absentTtlMs: 5_000 });
      expect(absent).toMatchObject({ storing: { stored: true, ttlMs: 5_000 } });
      const told = await here.getOrLoadWithOutcome('told', () => ({ days: 3 }), {
        ttlMs: ({ days }) => days * 1_000,
      });
      expect(told).toMatchObject({ storing: { stored: true, ttlMs: 3_000 } });
    });
  });

  describe('getOrLoadMany', () => {
    it('asks the loader once, for what is missing, and keeps what is absent as absent', async () => {
      const { here, there } = makePair();
      const loadMany = vi.fn((ids: number[]) =>
        Promise.resolve(new Map(ids.filter((id) => id % 3 !== 0).map((id) => [id, `row ${id}`]))),
      );
      const options = { ...TTL, key: (id: number) => `row:${id}` };
      await here.getOrLoad('row:1', () => 'row 1, alone', TTL);
      const ids = Array.from({ length: 12 }, (_, index) => index + 1);
      const rows = await here.getOrLoadMany(ids, loadMany, options);
      const right = new Map(ids.filter((id) => id % 3 !== 0).map((id) => [id, `row ${id}`]));
      right.set(1, 'row 1, alone');
      expect(rows).toEqual(right);
      expect(loadMany).toHaveBeenCalledTimes(1);
      expect(new Set(loadMany.mock.calls[0]?.[0])).toEqual(new Set(ids.slice(1)));

      // On a replica set, a row may not have reached the replica yet, so what counts is that nobody loads it.
      expect(await there.getOrLoadMany(ids, loadMany, options)).toEqual(right);
      expect(loadMany).toHaveBeenCalledTimes(1);
      await here.invalidate('row:2');
      expect(await there.getOrLoadMany(ids, loadMany, options)).toEqual(right);
      expect(loadMany.mock.calls.at(-1)).toEqual([[2]]);
    });
  });

  describe('getOrLoadJson', () => {
    it('gives the JSON as bytes, on a miss and on a hit', async () => {
      const { here, there } = makePair();
      const value = { title: 'Zürich 😀', rows: Array.from({ length: 200 }, (_, id) => ({ id })) };
      const load = vi.fn(() => value);
      for (const cache of [here, here, there]) {
        const bytes = await cache.getOrLoadJson('key', load, TTL);
        expect(JSON.parse(bytes.toString('utf8'))).toEqual(value);
      }
      expect(load).toHaveBeenCalledTimes(1);
      expect(await there.getOrLoad('key', load, TTL)).toEqual(value);
    });
  });

  describe('namespace', () => {
    it('keeps its keys apart, and has its own defaults', async () => {
      const { here, there } = makePair();
      const make = (cache: Cache, name: string) =>
        cache.namespace<{ title: string }, number>(name, { ttlMs: 30_000 });
      const [articles, users] = [make(here, 'articles'), make(here, 'users')];
      const article = await articles.getOrLoad(1, () => ({ title: 'an article' }));
      const user = await users.getOrLoad(1, () => ({ title: 'a user' }));
      expect([article, user]).toEqual([{ title: 'an article' }, { title: 'a user' }]);
      const others = make(there, 'articles');
      expect(await others.getOrLoad(1, () => ({ title: 'again' }))).toEqual({ title: 'an article' });
      expect(await others.invalidate(1)).toBe(true);
      expect(await articles.getOrLoad(1, () => ({ title: 'again' }))).toEqual({ title: 'again' });
      expect(await users.getOrLoad(1, () => ({ title: 'again' }))).toEqual({ title: 'a user' });
    });
  });
}
