import { createCache } from '@workshop/cache';
import { prometheusMetrics } from '@workshop/cache/prometheus';
import { Registry } from 'prom-client';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const cache = createCache({ redis, prefix });
  const registry = new Registry();
  const unregister = prometheusMetrics(cache, { registry, labels: { cache: 'articles' } });

  const title = () => cache.getOrLoad('title', () => 'The Po delta', { ttlMs: 60_000 });
  await title();
  await title();
  await title();

  const scraped = await registry.metrics(); // what GET /metrics answers, with registry.contentType
  unregister();
  await cache.close();
  return scraped.split('\n').filter((line) => line.startsWith('cache_reads_total'));
}
