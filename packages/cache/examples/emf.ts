import { createCache } from '@workshop/cache';
import { emfReporter } from '@workshop/cache/emf';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const cache = createCache({ redis, prefix });
  const lines: string[] = [];
  const reporter = emfReporter(cache, {
    namespace: 'Shop/Cache',
    dimensions: { Cache: 'articles' },
    metrics: ['HitRate', 'Hits', 'Misses', 'Bypasses', 'LoadLatency'],
    write: (line) => lines.push(line), // by default they go to the standard output
  });

  const title = () => cache.getOrLoad('title', () => 'The Po delta', { ttlMs: 60_000 });
  await title();
  await title();

  reporter.stop(); // writes the last period; before it, a line a minute
  await cache.close();
  const { Cache, HitRate, Hits, Misses, Writes } = JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
  return { Cache, HitRate, Hits, Misses, Writes };
}
