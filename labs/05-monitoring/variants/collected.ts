// Another right way: the figures of Redis are collected by prom-client's own `collect`, and whether a read was a hit is
// told by whether it had to load. The last minute is sixty seconds, each with its own numbers.
import { Redis } from 'ioredis';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Alarm, MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver } from '../../shared/store-over.ts';
import { createCache } from '../../04-invalidation/solution/cache.ts';
import { asText } from '../../04-invalidation/solution/form.ts';

const buckets = [0.001, 0.01, 0.1, 0.25, 0.5, 1, 2.5, 5];
const functions: Record<string, string> = { search: 'search', id: 'byId', readers: 'readers' };

interface Second {
  reads: number;
  hits: number;
  loads: number[];
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: 0,
    commandTimeout: 400,
    retryStrategy: () => 100,
  });
  redis.on('error', () => {});
  const cache = createCache(redisUrl);
  const seconds = new Map<number, Second>();
  const evicted: [at: number, keys: number][] = [];
  let info: Map<string, number> | undefined;

  const registers = [new Registry()];
  const labelNames = ['operation', 'result'] as const;
  const operation = ['operation'] as const;
  const reads = new Counter({ name: 'articles_cache_reads_total', help: 'reads', labelNames, registers });
  const readSeconds = new Histogram({
    name: 'articles_read_seconds',
    help: 's',
    labelNames,
    buckets,
    registers,
  });
  const loadSeconds = new Histogram({
    name: 'articles_load_seconds',
    help: 's',
    labelNames: operation,
    buckets,
    registers,
  });
  const failures = new Counter({
    name: 'articles_load_failures_total',
    help: 'failed',
    labelNames: operation,
    registers,
  });
  const slow = new Counter({
    name: 'articles_slow_loads_total',
    help: 'slow',
    labelNames: operation,
    registers,
  });
  const ratio = new Gauge({ name: 'articles_cache_hit_ratio', help: 'of a minute', registers });
  const up = new Gauge({ name: 'redis_up', help: '1 or 0', registers });
  for (const [name, field] of [
    ['redis_memory_used_bytes', 'used_memory'],
    ['redis_memory_max_bytes', 'maxmemory'],
  ] as const) {
    const gauge: Gauge = new Gauge({
      name,
      help: field,
      registers,
      collect: () => (info ? gauge.set(info.get(field) ?? 0) : gauge.remove()),
    });
  }
  for (const field of ['evicted_keys', 'keyspace_hits', 'keyspace_misses']) {
    const counter: Counter = new Counter({
      name: `redis_${field}_total`,
      help: field,
      registers,
      collect() {
        counter.reset();
        if (info) counter.inc(info.get(field) ?? 0);
        else counter.remove();
      },
    });
  }

  const now = (): Second => {
    const key = Math.floor(Date.now() / 1_000);
    const second = seconds.get(key) ?? { reads: 0, hits: 0, loads: [] };
    seconds.set(key, second);
    for (const old of seconds.keys()) if (old < key - 60) seconds.delete(old);
    return second;
  };
  const minute = (): Second => {
    now();
    const all = [...seconds.values()];
    return {
      reads: all.reduce((sum, each) => sum + each.reads, 0),
      hits: all.reduce((sum, each) => sum + each.hits, 0),
      loads: all.flatMap((each) => each.loads).toSorted((a, b) => a - b),
    };
  };
  const ask = async (): Promise<void> => {
    const text = await redis.info().catch(() => '');
    info = text
      ? new Map(
          text
            .split('\r\n')
            .map((line) => line.split(':'))
            .map(([name = '', value]) => [name, Number(value)]),
        )
      : undefined;
    if (info) evicted.push([Date.now(), info.get('evicted_keys') ?? 0]);
    while ((evicted[1]?.[0] ?? Infinity) < Date.now() - 60_000) evicted.shift();
  };

  const store = storeOver(mysqlUrl, {
    async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
      const what = { operation: functions[key.split(':')[1] ?? ''] ?? '' };
      let result = 'hit';
      const endRead = readSeconds.startTimer();
      const place = { key, form: asText<T>(), tags };
      try {
        return await cache.getOrLoad(place, async () => {
          result = redis.status === 'ready' ? 'miss' : 'error';
          const startedAt = performance.now();
          try {
            return await load();
          } catch (error) {
            failures.inc(what);
            throw error;
          } finally {
            const took = (performance.now() - startedAt) / 1_000;
            loadSeconds.observe(what, took);
            if (took > 0.5) slow.inc(what);
            now().loads.push(took);
          }
        });
      } finally {
        endRead({ ...what, result });
        reads.inc({ ...what, result });
        now().reads++;
        if (result === 'hit') now().hits++;
      }
    },
    invalidate: async (tags) => await cache.invalidate(tags),
    async close() {
      redis.disconnect();
      cache.close();
    },
  });

  return {
    ...store,
    async metrics() {
      await ask();
      const { reads: all, hits } = minute();
      ratio.set(all === 0 ? Number.NaN : hits / all);
      up.set(info ? 1 : 0);
      return await registers[0]!.metrics();
    },
    async alarms(): Promise<Alarm[]> {
      await ask();
      const { reads: all, hits, loads } = minute();
      const p95 = loads[Math.floor(loads.length * 0.95)] ?? null;
      const used = info?.get('maxmemory') ? (info.get('used_memory') ?? 0) / info.get('maxmemory')! : null;
      const lost = (evicted.at(-1)?.[1] ?? 0) - (evicted[0]?.[1] ?? 0);
      return [
        {
          name: 'hit-ratio-low',
          firing: all >= 20 && hits / all < 0.8,
          value: all === 0 ? null : hits / all,
        },
        { name: 'loads-slow', firing: p95 !== null && p95 > 0.5, value: p95 },
        { name: 'redis-away', firing: !info, value: info ? 0 : 1 },
        { name: 'memory-high', firing: used !== null && used >= 0.8, value: used },
        { name: 'evicting', firing: lost > 0, value: lost },
      ];
    },
  };
}
