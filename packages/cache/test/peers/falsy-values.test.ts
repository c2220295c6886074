import { expect, test, vi } from 'vitest';
import { makeCache } from '../support.ts';

// cacheable, with Redis as its second store, takes a 0, '' or null that another process stored for a miss.

const options = { ttlMs: 60_000 };

for (const near of [undefined, { maxEntries: 100 }]) {
  test.each([[0], [-0], [''], [null], [false], [undefined], [Number.NaN], [0n]])(
    `%o is a value like any other, ${near === undefined ? 'in Redis' : 'with a near cache'}`,
    async (value) => {
      const { cache, prefix } = makeCache();
      const other = makeCache({ prefix, near }).cache;
      const load = vi.fn<() => unknown>(() => value);
      expect(await cache.getOrLoad('key', load, options)).toBe(value);
      expect(await cache.getOrLoad('key', load, options)).toBe(value);
      for (let read = 0; read < 3; read += 1) expect(await other.getOrLoad('key', load, options)).toBe(value);
      expect(load).toHaveBeenCalledOnce();
      expect(other.stats()).toMatchObject({ hits: 3, misses: 0, loads: 0 });
    },
  );
}

test('an absent value is told from no value', async () => {
  const { cache } = makeCache();
  expect(await cache.get('key')).toMatchObject({ outcome: 'miss' });
  await cache.set('key', undefined, options);
  expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: undefined });
});
