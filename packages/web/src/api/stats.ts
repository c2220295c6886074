import { quantile, type CacheStats, type HistogramSnapshot } from '@workshop/cache';
import { z } from 'zod';
import type { ArticleStore } from '../store/article-store.ts';
import type { HttpMetrics } from '../http/http-metrics.ts';
import { notByThisStore } from './not-by-this-store.ts';
import type { Operation } from './operation.ts';

const count = z.int().min(0);
const milliseconds = z.number().min(0).nullable().meta({ description: 'null: nothing was measured yet' });
const latency = z.strictObject({
  count,
  meanMs: milliseconds,
  p50Ms: milliseconds,
  p95Ms: milliseconds,
  p99Ms: milliseconds,
});

const stats = z
  .strictObject({
    uptimeSeconds: z.number().min(0),
    requests: z
      .strictObject({ total: count, byStatus: z.record(z.string(), count) })
      .meta({ description: 'Answered since this process began, by class of status: 2xx, 3xx...' }),
    cache: z.strictObject({
      hitRatio: z.number().min(0).max(1).nullable().meta({ description: 'null: nothing was read yet' }),
      counts: z.record(z.string(), count),
      errors: z.record(z.string(), count),
      now: z.strictObject({
        owedInvalidations: count,
        lostInvalidations: count,
        runningLoads: count,
        queuedLoads: count,
        nearEntries: count,
        breakerOpen: z.boolean(),
      }),
      latency: z.strictObject({ redis: latency, load: latency, wait: latency, stale: latency }),
    }),
  })
  .meta({
    description: 'Of this process. What each count means is told in packages/cache/docs/monitoring.md.',
  });

/** What the cache and the server have counted. */
export function statsOperations(store: ArticleStore, metrics: HttpMetrics): Operation[] {
  return [
    {
      method: 'get',
      path: '/api/stats',
      id: 'getStats',
      summary: 'What the cache and this server have counted',
      description: 'Of this process, since it began. For graphs and alarms there is /metrics.',
      answer: { name: 'Stats', schema: stats, description: 'The counts.' },
      problems: ['not-implemented'],
      handlers: [
        async (_request, response) => {
          const cacheStats = store.cacheStats?.() ?? notByThisStore('counts of a cache');
          const body: z.output<typeof stats> = {
            uptimeSeconds: Math.round(process.uptime()),
            requests: await metrics.requests(),
            cache: cacheOf(cacheStats),
          };
          response.json(body);
        },
      ],
    },
  ];
}

function cacheOf(given: CacheStats): z.output<typeof stats>['cache'] {
  const { errors, latency: times, ...rest } = given;
  const {
    owedInvalidations,
    lostInvalidations,
    runningLoads,
    queuedLoads,
    nearEntries,
    breakerOpen,
    ...counts
  } = rest;
  const reads = counts.hits + counts.misses + counts.bypasses;
  return {
    hitRatio: reads === 0 ? null : counts.hits / reads,
    counts,
    errors,
    now: { owedInvalidations, lostInvalidations, runningLoads, queuedLoads, nearEntries, breakerOpen },
    latency: {
      redis: latencyOf(times.redis),
      load: latencyOf(times.load),
      wait: latencyOf(times.wait),
      stale: latencyOf(times.stale),
    },
  };
}

function latencyOf(histogram: HistogramSnapshot): z.output<typeof latency> {
  const at = (share: number) => quantile(histogram, share) ?? null;
  return {
    count: histogram.count,
    meanMs: histogram.count === 0 ? null : histogram.sum / histogram.count,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
  };
}
