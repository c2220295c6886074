import { describe, expect, it, vi } from 'vitest';
import { createLogger, startServer } from '../../src/index.ts';
import { isNearby } from '../../src/http/metrics.ts';
import { bareStore, CONFIG, startDemo, useArticles, type Demo } from '../support.ts';

const database = useArticles();

/** A request counts once its answer has gone out, which its client may know a moment earlier. */
const soon = async (check: () => Promise<void>) => await vi.waitFor(check, { timeout: 20_000 });

/** The value of a series, by its name and labels as Prometheus writes them. */
async function scrape({ get }: Demo): Promise<(series: string) => number | undefined> {
  const response = await get('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n');
  return (series) => {
    const line = lines.find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
}

describe('GET /metrics', () => {
  it('counts requests by the pattern of their route, whatever their path', async () => {
    const demo = await startDemo(database);
    for (const path of ['/api/articles/1', '/api/articles/2', '/api/articles/999999', '/query_cache?term=a'])
      await demo.get(path);
    for (const path of ['/nowhere', '/nor/here', '/style.css']) await demo.get(path);
    await demo.get('/api/articles', { method: 'PURGE' });
    await soon(async () => {
      const value = await scrape(demo);
      const requests = (labels: string) => value(`http_request_duration_seconds_count{${labels}}`);
      expect(requests('method="GET",route="/api/articles/:id",status="2xx"')).toBe(2);
      expect(requests('method="GET",route="/api/articles/:id",status="4xx"')).toBe(1);
      expect(requests('method="GET",route="/query_cache",status="2xx"')).toBe(1);
      expect(requests('method="GET",route="none",status="4xx"')).toBe(2);
      expect(requests('method="GET",route="none",status="2xx"')).toBe(1);
      expect(requests('method="other",route="/api/articles",status="4xx"')).toBe(1);
      expect(
        value('http_request_duration_seconds_bucket{le="10",method="GET",route="/query_cache",status="2xx"}'),
      ).toBe(1);
    });
  });

  it('has the cache, the pool and the process', async () => {
    const demo = await startDemo(database);
    for (let n = 0; n < 2; n++) await demo.get('/api/articles');
    const value = await scrape(demo);
    expect(value('cache_reads_total{cache="articles",outcome="hit"}')).toBe(1);
    expect(value('cache_reads_total{cache="articles",outcome="miss"}')).toBe(1);
    expect(value('mysql_pool_connections_max')).toBe(4);
    expect(value('mysql_pool_connections_in_use')).toBe(0);
    expect(value('mysql_pool_waiting')).toBe(0);
    expect(value('process_cpu_user_seconds_total')).toBeGreaterThan(0);
    expect(value('process_start_time_seconds')).toBeGreaterThan(0);
  });

  it('has what there is of a store that counts nothing', async () => {
    const server = await startServer(CONFIG, { store: bareStore, logger: createLogger('silent') });
    const text = await (await fetch(`${server.url}/metrics`)).text();
    await server.close();
    expect(text).toContain('process_cpu_user_seconds_total');
    expect(text).not.toContain('cache_reads_total');
  });

  it.each([
    ['x-forwarded-for', '10.0.0.1'],
    ['forwarded', 'for=10.0.0.1'],
  ])('is not there for those whom a proxy passes on (%s)', async (name, value) => {
    const { get } = await startDemo(database);
    expect((await get('/metrics', { headers: { [name]: value } })).status).toBe(404);
  });

  it.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['::1', true],
    ['fd00::1', true],
    ['fe80::1', true],
    ['::ffff:10.0.0.1', true],
    ['::ffff:8.8.8.8', false],
    ['8.8.8.8', false],
    ['2001:db8::1', false],
    [undefined, false],
  ])('is for addresses of this network: %s', (address, is) => {
    expect(isNearby(address)).toBe(is);
  });
});

describe('GET /api/stats', () => {
  it('has the same counts', async () => {
    const demo = await startDemo(database);
    for (const path of ['/api/articles', '/api/articles', '/nowhere']) await demo.get(path);
    await soon(async () => {
      const stats = (await (await demo.get('/api/stats')).json()) as { requests: Requests };
      expect(stats).toMatchObject({
        requests: { byStatus: { '2xx': expect.any(Number), '4xx': 1 } },
        cache: {
          hitRatio: 0.5,
          counts: { hits: 1, misses: 1, loads: 1 },
          errors: { timeout: 0 },
          now: { owedInvalidations: 0, breakerOpen: false },
          latency: { load: { count: 1, p50Ms: expect.any(Number) }, wait: { count: 0, p50Ms: null } },
        },
      });
      const { total, byStatus } = stats.requests;
      expect(total).toBeGreaterThanOrEqual(3);
      expect(total).toBe(Object.values(byStatus).reduce((sum, count) => sum + count, 0));
    });
  });
});

interface Requests {
  readonly total: number;
  readonly byStatus: Record<string, number>;
}
