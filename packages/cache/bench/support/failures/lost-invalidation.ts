import type { Peer } from '../peers/peer.ts';
import type { Failure } from './failure.ts';

const KEYS = 20;

/**
 * A load begins, what it reads changes, the key is invalidated, and then the load ends with the old value. If that is
 * stored all the same, it is served until its TTL is up.
 */
export const lostInvalidation: Failure = {
  title: `lost invalidations of ${KEYS}`,
  wanted: 0,
  async see({ open }, { redisUrl, prefix }) {
    const cache = await open({ url: redisUrl }, prefix);
    try {
      const keys = Array.from({ length: KEYS }, (_, id) => `article:${id}`);
      const stale = await Promise.all(keys.map((key) => servesStale(cache, key)));
      return stale.filter(Boolean).length;
    } finally {
      await cache.close();
    }
  },
};

async function servesStale(cache: Peer, key: string): Promise<boolean> {
  let hasBegun = (): void => {};
  let end = (): void => {};
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const reading = cache.getOrLoad(key, async () => {
    hasBegun();
    await ended;
    return 'old';
  });
  await begun;
  await cache.invalidate(key);
  end();
  await reading;
  return (await cache.getOrLoad(key, async () => 'new')) === 'old';
}
