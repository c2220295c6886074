import type { OpenMetricsContentType } from 'prom-client';
import { AggregatorRegistry, Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { CacheOptionError } from '../../src/errors.ts';
import { Monitor } from '../../src/monitor/monitor.ts';
import { prometheusMetrics } from '../../src/monitor/prometheus.ts';
import { makeCache } from '../support.ts';
import { parseScrape } from './scrape.ts';
import { NO_GAUGES, PATIENT } from './support.ts';

const TTL = { ttlMs: 60_000 };
const ARTICLES = { cache: 'articles' };

/** A cache's worth of activity without a cache. */
function makeSource(gauges = NO_GAUGES) {
  const monitor = new Monitor();
  return { monitor, stats: () => monitor.snapshot(gauges) };
}

async function scrape(registry: { metrics(): Promise<string> }) {
  return parseScrape(await registry.metrics());
}

describe('a scrape', () => {
  it('shows what a cache did, before it was registered too', async () => {
    const { cache, redis, prefix } = makeCache(PATIENT);
    const registry = new Registry();
    await cache.getOrLoad('a', () => 1, TTL);
    prometheusMetrics(cache, { registry, labels: ARTICLES });
    await cache.getOrLoad('a', () => 1, TTL);
    await cache.getOrLoad('a', () => 1, TTL);
    await expect(cache.getOrLoad('b', () => Promise.reject(new Error('away')), TTL)).rejects.toThrow('away');
    await cache.invalidate('a');
    await redis.set(`${prefix}:c`, '?', 'PX', 60_000);
    await cache.getOrLoad('c', () => 1, TTL);

    const { value, types } = await scrape(registry);
    const reads = (outcome: string) => value('cache_reads_total', { ...ARTICLES, outcome });
    expect(['hit', 'near', 'stale', 'miss', 'bypass'].map(reads)).toEqual([2, 0, 0, 3, 0]);
    expect(value('cache_loads_total', ARTICLES)).toBe(3);
    expect(value('cache_load_errors_total', ARTICLES)).toBe(1);
    expect(value('cache_writes_total', ARTICLES)).toBe(2);
    expect(value('cache_invalidations_total', { ...ARTICLES, by: 'key' })).toBe(1);
    expect(value('cache_errors_total', { ...ARTICLES, kind: 'decode' })).toBe(1);
    expect(value('cache_errors_total', { ...ARTICLES, kind: 'timeout' })).toBe(0);
    expect(value('cache_read_bytes_total', ARTICLES)).toBe(cache.stats().bytesRead);
    expect(value('cache_load_seconds_count', ARTICLES)).toBe(3);
    expect(types.get('cache_reads_total')).toBe('counter');
    expect(types.get('cache_running_loads')).toBe('gauge');
    expect(types.get('cache_load_seconds')).toBe('histogram');
  });

  it('gives histograms in seconds, with buckets that include those below', async () => {
    const { monitor, ...source } = makeSource();
    const registry = new Registry();
    prometheusMetrics(source, { registry, labels: ARTICLES });
    for (const ms of [0.05, 0.3, 30, 60_000]) monitor.observe('redis', ms);

    const { value } = await scrape(registry);
    const bucket = (le: string) => value('cache_redis_seconds_bucket', { ...ARTICLES, le });
    expect(['0.0001', '0.0002', '0.0005', '0.02', '0.05', '10', '+Inf'].map(bucket)).toEqual([
      1, 1, 2, 2, 3, 3, 4,
    ]);
    expect(value('cache_redis_seconds_sum', ARTICLES)).toBeCloseTo(60.03035);
    expect(value('cache_redis_seconds_count', ARTICLES)).toBe(4);
    expect(value('cache_lease_wait_seconds_bucket', { ...ARTICLES, le: '+Inf' })).toBe(0);
  });

  it('splits counters by labels that add up', async () => {
    const { monitor, ...source } = makeSource({
      ...NO_GAUGES,
      owedInvalidations: 4,
      lostInvalidations: 2,
      breakerOpen: true,
    });
    monitor.count('hits', 10);
    monitor.count('nearHits', 3);
    monitor.count('staleHits', 2);
    monitor.count('refreshes', 5);
    monitor.count('earlyRefreshes', 4);
    monitor.count('probes', 9);
    monitor.count('staleProbes', 1);
    const registry = new Registry();
    prometheusMetrics(source, { registry, labels: ARTICLES });

    const { value } = await scrape(registry);
    const split = (name: string, label: string, values: string[]) =>
      values.map((each) => value(name, { ...ARTICLES, [label]: each }));
    expect(split('cache_reads_total', 'outcome', ['hit', 'near', 'stale'])).toEqual([5, 3, 2]);
    expect(split('cache_refreshes_total', 'cause', ['stale', 'early'])).toEqual([1, 4]);
    expect(split('cache_probes_total', 'result', ['fresh', 'stale'])).toEqual([8, 1]);
    expect(value('cache_owed_invalidations', ARTICLES)).toBe(4);
    expect(value('cache_lost_invalidations_total', ARTICLES)).toBe(2);
    expect(value('cache_breaker_open', ARTICLES)).toBe(1);
  });

  it('keeps to OpenMetrics where the registry does', async () => {
    const { monitor, ...source } = makeSource();
    const registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const unregister = prometheusMetrics(source, { registry, labels: ARTICLES });
    monitor.count('misses', 7);
    for (let time = 0; time < 2; time++) {
      const { value, types } = await scrape(registry);
      expect(value('cache_reads_total', { ...ARTICLES, outcome: 'miss' })).toBe(7);
      expect(types.get('cache_reads')).toBe('counter');
    }
    unregister();
    expect(registry.getMetricsAsArray()).toEqual([]);
    prometheusMetrics(source, { registry, labels: ARTICLES })();
    expect(registry.getMetricsAsArray()).toEqual([]);
  });

  it('adds up over the workers of a Node cluster', async () => {
    const workers = [makeSource(), makeSource()].map(({ monitor, ...source }, index) => {
      const registry = new Registry();
      prometheusMetrics(source, { registry, labels: ARTICLES });
      monitor.count('misses', index + 1);
      monitor.observe('load', 3);
      return registry.getMetricsAsJSON();
    });
    const { value } = await scrape(AggregatorRegistry.aggregate(await Promise.all(workers)));
    expect(value('cache_reads_total', { ...ARTICLES, outcome: 'miss' })).toBe(3);
    expect(value('cache_load_seconds_bucket', { ...ARTICLES, le: '0.005' })).toBe(2);
    expect(value('cache_load_seconds_bucket', { ...ARTICLES, le: '0.002' })).toBe(0);
  });
});

describe('the caches of one registry', () => {
  it('are told apart by their labels, and leave one by one', async () => {
    const [articles, cities] = [makeSource(), makeSource()];
    const registry = new Registry();
    const leave = prometheusMetrics(articles, { registry, labels: { cache: 'articles', zone: 'a' } });
    const leaveToo = prometheusMetrics(cities, { registry, labels: { zone: 'a', cache: 'cities' } });
    articles.monitor.count('misses', 1);
    cities.monitor.count('misses', 2);
    const misses = async (cache: string) =>
      (await scrape(registry)).value('cache_reads_total', { cache, zone: 'a', outcome: 'miss' });

    expect([await misses('articles'), await misses('cities')]).toEqual([1, 2]);
    leave();
    leave();
    expect([await misses('articles'), await misses('cities')]).toEqual([undefined, 2]);
    leaveToo();
    expect(registry.getMetricsAsArray()).toEqual([]);

    prometheusMetrics(articles, { registry, labels: { cache: 'articles', zone: 'a' } });
    expect(await misses('articles')).toBe(1);
  });

  it('may have prefixes of their own', async () => {
    const registry = new Registry();
    const [one, other] = [makeSource(), makeSource()];
    prometheusMetrics(one, { registry, labels: ARTICLES });
    prometheusMetrics(other, { registry, labels: ARTICLES, prefix: 'shop_cache' });
    const { value } = await scrape(registry);
    expect([value('cache_writes_total', ARTICLES), value('shop_cache_writes_total', ARTICLES)]).toEqual([
      0, 0,
    ]);
  });

  it('go with the rest when the registry is cleared', async () => {
    const registry = new Registry();
    const leave = prometheusMetrics(makeSource(), { registry, labels: ARTICLES });
    registry.clear();
    leave();
    const { monitor, ...source } = makeSource();
    prometheusMetrics(makeSource(), { registry, labels: ARTICLES });
    registry.clear();
    prometheusMetrics(source, { registry, labels: ARTICLES });
    monitor.count('writes', 5);
    expect((await scrape(registry)).value('cache_writes_total', ARTICLES)).toBe(5);
  });

  it('keep the labels a registry gives to all', async () => {
    const registry = new Registry();
    registry.setDefaultLabels({ app: 'shop' });
    prometheusMetrics(makeSource(), { registry, labels: { cache: 'a "quoted"\\name' } });
    const labels = { app: 'shop', cache: 'a \\"quoted\\"\\\\name' };
    expect((await scrape(registry)).value('cache_writes_total', labels)).toBe(0);
  });
});

describe('bad options', () => {
  it('are refused by name', () => {
    const registry = new Registry();
    const register = (options: object) => () =>
      prometheusMetrics(makeSource(), { registry, labels: ARTICLES, ...options });
    expect(register({ registry: {} })).toThrow(/^registry must be a Registry of prom-client/);
    expect(register({ prefix: 'my-cache' })).toThrow(/^prefix must be .*"my-cache"/);
    expect(register({ labels: undefined })).toThrow(/^labels\.cache must be the name of the cache/);
    expect(register({ labels: { cache: '' } })).toThrow(/^labels\.cache must be the name of the cache/);
    expect(register({ labels: { ...ARTICLES, outcome: 'x' } })).toThrow(/^labels must be .*"outcome"/);
    expect(register({ labels: { ...ARTICLES, __zone: 'x' } })).toThrow(/^labels must be .*"__zone"/);
    expect(register({ labels: { ...ARTICLES, zone: 1 } })).toThrow(
      /^labels\.zone must be a string, but is 1/,
    );
    expect(registry.getMetricsAsArray()).toEqual([]);
  });

  it('are refused when they are taken', () => {
    const registry = new Registry();
    prometheusMetrics(makeSource(), { registry, labels: ARTICLES });
    expect(() => prometheusMetrics(makeSource(), { registry, labels: ARTICLES })).toThrow(CacheOptionError);
    const other = { registry, labels: { cache: 'cities', zone: 'a' } };
    expect(() => prometheusMetrics(makeSource(), other)).toThrow(
      /^labels must be cache, as for other caches/,
    );
  });

  it('leave a registry as it was when one of its names is taken', () => {
    const registry = new Registry();
    const taken = new Counter({ name: 'cache_writes_total', help: 'of another', registers: [registry] });
    expect(() => prometheusMetrics(makeSource(), { registry, labels: ARTICLES })).toThrow(
      /^prefix must be free in the registry, which has a cache_writes_total already, but is "cache"/,
    );
    expect(registry.getMetricsAsArray()).toEqual([taken]);
  });
});
