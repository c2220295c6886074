import type { CacheEvents } from '@workshop/cache';
import { createCache } from '@workshop/cache';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const cache = createCache({ redis, prefix, probe: { rate: 1 } }); // all hits; 0.001 is one in a thousand
  const probed = () => new Promise<CacheEvents['probe']>((resolve) => cache.events.once('probe', resolve));

  let title = 'The Po delta'; // stands for a row in MySQL
  const readTitle = () => cache.getOrLoad('title', () => title, { ttlMs: 60_000 });

  await readTitle();
  const [good] = await Promise.all([probed(), readTitle()]);
  title = 'The Po delta, revised'; // and somebody forgot to invalidate
  const [bad] = await Promise.all([probed(), readTitle()]);

  const { probes, staleProbes } = cache.stats();
  await cache.close();
  return { good: good.stale, bad: bad.stale, probes, staleProbes };
}
