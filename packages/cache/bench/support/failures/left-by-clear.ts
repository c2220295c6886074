import type { Failure } from './failure.ts';

const KEYS = 60;

/** `clear()` on a Redis Cluster: the keys that are still hits after it. */
export const leftByClear: Failure = {
  title: `left of ${KEYS} by clear()`,
  wanted: 0,
  async see({ open }, { cluster, prefix }) {
    const cache = await open(cluster, prefix);
    try {
      if (cache.clear === undefined) return undefined;
      const keys = Array.from({ length: KEYS }, (_, id) => `article:${id}`);
      for (const key of keys) await cache.getOrLoad(key, async () => 'kept');
      // A library that throws here has cleared what it has; what is left tells how much.
      await cache.clear().catch(() => {});
      let left = 0;
      for (const key of keys) if ((await cache.getOrLoad(key, async () => 'gone')) === 'kept') left += 1;
      return left;
    } finally {
      await cache.close();
    }
  },
};
