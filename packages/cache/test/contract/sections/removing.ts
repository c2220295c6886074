import { describe, expect, it } from 'vitest';
import type { Cache } from '../../../src/index.ts';
import type { Bench } from '../bench.ts';
import { keysUnder } from '../topologies.ts';
import { TTL } from '../bench.ts';

/** What one process writes or removes is so for all. */
export function removing({ makeCache, makePair, topology }: Bench): void {
  describe('set and invalidate', () => {
    it('are seen by another process once they have returned', async () => {
      const { here, there } = makePair();
      for (let round = 0; round < 20; round += 1) {
        expect(await here.set('key', round, TTL)).toBe(true);
        expect(await there.get('key')).toMatchObject({ outcome: 'hit', value: round });
        expect(await there.invalidate('key')).toBe(true);
        expect(await here.get('key')).toMatchObject({ outcome: 'miss', reason: 'absent' });
      }
    });

    it('leave other keys alone', async () => {
      const { here, there } = makePair();
      await here.set('a', 1, TTL);
      await here.set('ab', 2, TTL);
      await there.invalidate('a');
      expect(await here.get('ab')).toMatchObject({ outcome: 'hit', value: 2 });
    });
  });

  describe('tags', () => {
    it('take all their entries with them, in every process, and no other', async () => {
      const { here, there } = makePair();
      const read = (cache: Cache, key: string, tags: string[]) =>
        cache.getOrLoad(key, () => `${key} again`, { ...TTL, tags });
      for (let id = 0; id < 20; id += 1) {
        await here.getOrLoad(`key:${id}`, () => 'first', { ...TTL, tags: [`odd:${id % 2}`, 'all'] });
      }
      expect(await there.invalidateTags(['odd:1'])).toBe(true);
      for (let id = 0; id < 20; id += 1) {
        const right = id % 2 === 1 ? `key:${id} again` : 'first';
        expect(await read(here, `key:${id}`, [`odd:${id % 2}`, 'all'])).toBe(right);
      }
      expect(await there.invalidateTags(['odd:0', 'odd:1'])).toBe(true);
      expect(await read(there, 'key:0', ['odd:0', 'all'])).toBe('key:0 again');
    });
  });

  describe('clear', () => {
    it('removes all under its prefix, on every server, and nothing else', async () => {
      const { here, there, prefix } = makePair();
      const neighbour = makeCache({ prefix: `${prefix}x` });
      const keys = Array.from({ length: 300 }, (_, index) => `key:${index}`);
      await Promise.all(keys.map((key) => here.set(key, key, { ...TTL, tags: ['tag'] })));
      await neighbour.set('key:0', 'kept', TTL);
      const { removed, error } = await there.clear();
      expect(error).toBeUndefined();
      // The tag's stamp may be among them.
      expect(removed).toBeGreaterThanOrEqual(300);
      for (const key of keys) expect(await here.get(key)).toMatchObject({ outcome: 'miss' });
      expect(await neighbour.get('key:0')).toMatchObject({ outcome: 'hit', value: 'kept' });
      expect(await keysUnder(topology(), `${prefix}:`)).toEqual([]);
    });
  });
}
