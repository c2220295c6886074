// Another right way: no library for the figures. Plain counts, the page written by hand, the last minute as a list of
// what happened with its time; one cache entry is JSON with the versions of its tags.
import { Redis } from 'ioredis';
import type { Alarm, MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';

const bounds = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 10];
const names: Record<string, string> = { search: 'search', id: 'byId', readers: 'readers' };

class Histogram {
  readonly #series = new Map<string, { buckets: number[]; sum: number; count: number }>();

  observe(labels: string, seconds: number): void {
    const series = this.#series.get(labels) ?? { buckets: bounds.map(() => 0), sum: 0, count: 0 };
    this.#series.set(labels, series);
    for (const [n, bound] of bounds.entries()) if (seconds <= bound) series.buckets[n]!++;
    series.sum += seconds;
    series.count++;
  }

  lines(name: string): string[] {
    return [...this.#series].flatMap(([labels, { buckets, sum, count }]) => [
      ...bounds.map((bound, n) => `${name}_bucket{${labels},le="${bound}"} ${buckets[n]}`),
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${sum}`,
      `${name}_count{${labels}} ${count}`,
    ]);
  }
}

class Figures {
  readonly #counts = new Map<string, number>();
  readonly #readTimes = new Histogram();
  readonly #loadTimes = new Histogram();
  #reads: { at: number; hit: boolean }[] = [];
  #loads: { at: number; seconds: number }[] = [];
  #evictions: { at: number; total: number }[] = [];

  read(operation: string, result: string, seconds: number): void {
    this.#count(`articles_cache_reads_total{operation="${operation}",result="${result}"}`);
    this.#readTimes.observe(`operation="${operation}",result="${result}"`, seconds);
    this.#reads.push({ at: Date.now(), hit: result === 'hit' });
  }

  load(operation: string, seconds: number, failed: boolean): void {
    this.#loadTimes.observe(`operation="${operation}"`, seconds);
    this.#count(`articles_load_failures_total{operation="${operation}"}`, failed ? 1 : 0);
    this.#count(`articles_slow_loads_total{operation="${operation}"}`, seconds > 0.5 ? 1 : 0);
    this.#loads.push({ at: Date.now(), seconds });
  }

  page(info: Map<string, number> | undefined): string {
    const { ratio } = this.#lastMinute();
    const counter = (name: string) => [
      `# TYPE ${name} counter`,
      ...[...this.#counts].filter(([series]) => series.startsWith(`${name}{`)).map(([s, n]) => `${s} ${n}`),
    ];
    const redis = [
      ['redis_memory_used_bytes', 'used_memory', 'gauge'],
      ['redis_memory_max_bytes', 'maxmemory', 'gauge'],
      ['redis_evicted_keys_total', 'evicted_keys', 'counter'],
      ['redis_keyspace_hits_total', 'keyspace_hits', 'counter'],
      ['redis_keyspace_misses_total', 'keyspace_misses', 'counter'],
    ].flatMap(([name, field, type]) => [
      `# TYPE ${name} ${type}`,
      ...(info ? [`${name} ${info.get(field ?? '') ?? 0}`] : []),
    ]);
    return `${[
      ...counter('articles_cache_reads_total'),
      ...counter('articles_load_failures_total'),
      ...counter('articles_slow_loads_total'),
      '# TYPE articles_read_seconds histogram',
      ...this.#readTimes.lines('articles_read_seconds'),
      '# TYPE articles_load_seconds histogram',
      ...this.#loadTimes.lines('articles_load_seconds'),
      '# TYPE articles_cache_hit_ratio gauge',
      `articles_cache_hit_ratio ${ratio ?? 'NaN'}`,
      '# TYPE redis_up gauge',
      `redis_up ${info ? 1 : 0}`,
      ...redis,
    ].join('\n')}\n`;
  }

  alarms(info: Map<string, number> | undefined): Alarm[] {
    const { reads, ratio, p95, evicted } = this.#lastMinute(info?.get('evicted_keys'));
    const most = info?.get('maxmemory') ?? 0;
    const used = info && most > 0 ? (info.get('used_memory') ?? 0) / most : null;
    const alarm = (name: Alarm['name'], firing: boolean, value: number | null): Alarm => ({
      name,
      firing,
      value,
    });
    return [
      alarm('redis-away', !info, info ? 0 : 1),
      alarm('memory-high', (used ?? 0) >= 0.8, used),
      alarm('evicting', evicted > 0, evicted),
      alarm('loads-slow', (p95 ?? 0) > 0.5, p95),
      alarm('hit-ratio-low', reads >= 20 && ratio !== null && ratio < 0.8, ratio),
    ];
  }

  #count(series: string, by = 1): void {
    this.#counts.set(series, (this.#counts.get(series) ?? 0) + by);
  }

  #lastMinute(evictedNow?: number) {
    const from = Date.now() - 60_000;
    this.#reads = this.#reads.filter(({ at }) => at >= from);
    this.#loads = this.#loads.filter(({ at }) => at >= from);
    if (evictedNow !== undefined) this.#evictions.push({ at: Date.now(), total: evictedNow });
    while ((this.#evictions[1]?.at ?? Infinity) < from) this.#evictions.shift();
    const times = this.#loads.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
    const reads = this.#reads.length;
    return {
      reads,
      ratio: reads === 0 ? null : this.#reads.filter(({ hit }) => hit).length / reads,
      p95: times[Math.ceil(times.length * 0.95) - 1] ?? null,
      evicted: (this.#evictions.at(-1)?.total ?? 0) - (this.#evictions[0]?.total ?? 0),
    };
  }
}

function watchedCache(redis: Redis, figures: Figures): VariantCache {
  const versions = async (tags: readonly string[]) =>
    (await redis.mget(tags.map((tag) => `v:tag:${tag}`))).map((version) => version ?? 'none').join();
  return {
    async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
      const operation = names[key.split(':')[1] ?? ''] ?? '';
      const startedAt = performance.now();
      let result = 'error';
      try {
        const version = await versions(tags).catch(() => undefined);
        const text = version === undefined ? undefined : await redis.get(key).catch(() => undefined);
        if (text !== undefined) {
          const entry =
            text === null ? undefined : (JSON.parse(text, revive) as { version: string; value: T });
          result = entry?.version === version ? 'hit' : 'miss';
          if (entry?.version === version) return entry!.value;
        }
        const loadedAt = performance.now();
        let failed = true;
        let value: T;
        try {
          value = await load();
          failed = false;
        } finally {
          figures.load(operation, (performance.now() - loadedAt) / 1_000, failed);
        }
        if (text !== undefined)
          await redis.set(key, JSON.stringify({ version, value }, replace), 'EX', 60).catch(() => {});
        return value;
      } finally {
        figures.read(operation, result, (performance.now() - startedAt) / 1_000);
      }
    },
    async invalidate(tags) {
      const entries = tags.flatMap((tag) => [`v:tag:${tag}`, `${Date.now()}-${Math.random()}`]);
      await redis.mset(entries).catch(() => {});
    },
    async close() {
      redis.disconnect();
    },
  };
}

function replace(this: Record<string, unknown>, key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { big: String(value) };
  const original = this[key];
  return original instanceof Date ? { date: original.getTime() } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { big, date } = value as { big?: string; date?: number };
  if (big !== undefined) return BigInt(big);
  return date === undefined ? value : new Date(date);
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const redis = new Redis(redisUrl, { protocol: 2, commandTimeout: 500, maxRetriesPerRequest: 1 });
  redis.on('error', () => {});
  const figures = new Figures();
  const info = async () => {
    const text = await redis.info().catch(() => undefined);
    return (
      text &&
      new Map(text.split(/\r?\n/).map((line) => [line.split(':')[0] ?? '', Number(line.split(':')[1])]))
    );
  };
  return {
    ...storeOver(mysqlUrl, watchedCache(redis, figures)),
    metrics: async () => figures.page((await info()) || undefined),
    alarms: async () => figures.alarms((await info()) || undefined),
  };
}
