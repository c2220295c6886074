import type { MysqlEvent } from '@workshop/wiretap';
import { createTestDatabase } from '@workshop/engines/test-space';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { DELTAS } from './articles.ts';
import { ALL_WELL, startDemo, startTappedDemo, textOf, useArticles } from './support.ts';

const database = useArticles();
const isSearch = (event: MysqlEvent) => event.kind === 'execute';

describe('with Redis away', () => {
  it('goes on from MySQL and says so; and uses Redis again when it is back', async () => {
    const demo = await startTappedDemo(database);
    await demo.get('/query_cache');
    const refused = demo.redisTap.weather.refuse();
    await vi.waitFor(
      async () =>
        expect(await (await demo.get('/readyz')).json()).toMatchObject({ engines: { redis: { ok: false } } }),
      {
        timeout: 20_000,
      },
    );

    const response = await demo.get('/query_cache');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-status')).toMatch(/^redis; fwd=bypass; key=".*"; detail=unavailable$/);
    const text = textOf(await response.text());
    expect(text).toContain('Cache passed by');
    expect(text).toContain('Redis could not be asked, so MySQL answered.');
    expect(text).toContain('Redis is not connected, so it was not asked.');
    expect(text).toContain('pnpm services:up');
    expect(text).toContain(`${DELTAS} rows`);

    const ready = await demo.get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ok', engines: { redis: { ok: false } } });

    refused.stop();
    await vi.waitFor(
      async () =>
        expect((await demo.get('/query_cache')).headers.get('cache-status')).toContain('redis; hit'),
      { timeout: 20_000 },
    );
  });

  it('cannot delete the cache, and names the engine and what to do', async () => {
    const demo = await startTappedDemo(database);
    demo.redisTap.weather.refuse();
    await vi.waitFor(async () => expect((await demo.post('/delete_cache')).status).toBe(503), {
      timeout: 20_000,
    });
    const response = await demo.post('/delete_cache');
    const text = textOf(await response.text());
    expect(text).toContain('Redis is not answering');
    expect(text).toContain('REDIS_URL');
  });

  it('waits for a Redis that hangs no longer than it was told to', async () => {
    const demo = await startTappedDemo({ ...database, redisTimeoutMs: 50 });
    demo.redisTap.weather.hang();
    const response = await demo.get('/query_cache');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-status')).toContain('detail=timeout');
    expect(textOf(await response.text())).toContain('did not answer in time');
    expect((await demo.post('/delete_cache')).status).toBe(503);
    expect(await (await demo.get('/readyz')).json()).toMatchObject({
      status: 'ok',
      engines: { redis: { ok: false } },
    });
  });

  it('shows the rows, and that they are not kept, when Redis is full', async () => {
    const demo = await startTappedDemo(database);
    // A full Redis refuses every script that writes.
    demo.redisTap.weather.fail(
      (event) => event.name?.startsWith('EVAL') === true,
      "OOM command not allowed when used memory > 'maxmemory'.",
    );
    const response = await demo.get('/query_cache');
    expect(response.headers.get('cache-status')).toMatch(/^redis; fwd=miss; key=/);
    expect(textOf(await response.text())).toContain('it refused the write');
  });
});

describe('with MySQL away', () => {
  it('answers 503 with the engine and what to do, still serves what is cached, and recovers', async () => {
    const demo = await startTappedDemo(database);
    await demo.get('/query_cache');
    const refused = demo.mysqlTap.weather.refuse();

    for (const path of ['/query_mysql', '/query_cache?term=zebra']) {
      const response = await demo.get(path);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('5');
      const text = textOf(await response.text());
      expect(text).toContain('MySQL is not answering');
      expect(text).toContain('pnpm services:up');
      expect(text).not.toMatch(/ECONN|node_modules|127\.0\.0\.1/);
    }
    const problem = await demo.get('/api/articles?source=mysql');
    expect(problem.status).toBe(503);
    expect(await problem.json()).toMatchObject({ status: 503, engine: 'mysql' });
    const ready = await demo.get('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'unavailable', engines: { mysql: { ok: false } } });
    expect((await demo.get('/healthz')).status).toBe(200);
    expect((await demo.get('/query_cache')).headers.get('cache-status')).toContain('redis; hit');

    refused.stop();
    expect((await demo.get('/query_mysql')).status).toBe(200);
    expect(await (await demo.get('/readyz')).json()).toMatchObject(ALL_WELL);
  });

  it('serves what is past its time, and says so, until MySQL is back', async () => {
    const demo = await startTappedDemo({ ...database, cacheTtlMs: 1_000, cacheStaleIfErrorMs: 600_000 });
    await demo.get('/query_cache');
    const refused = demo.mysqlTap.weather.refuse();
    const statusOf = (response: Response) => response.headers.get('cache-status') ?? '';
    // Its second of life goes on: until then it is a hit like any other.
    await vi.waitFor(async () => expect(statusOf(await demo.get('/query_cache'))).toContain('detail=stale'), {
      timeout: 20_000,
    });
    const page = await demo.get('/query_cache');
    expect(page.status).toBe(200);
    expect(statusOf(page)).toMatch(/^redis; hit; ttl=-\d+; key=".*"; detail=stale$/);
    const text = textOf(await page.text());
    expect(text).toContain('Stale hit');
    expect(text).toContain('MySQL cannot answer, so these are the rows of a while ago.');
    expect(text).toContain(`${DELTAS} rows`);
    // What was never asked before cannot be served.
    expect((await demo.get('/query_cache?term=zebra')).status).toBe(503);

    refused.stop();
    await vi.waitFor(async () => expect(statusOf(await demo.get('/query_cache'))).toContain('fwd=miss'), {
      timeout: 20_000,
    });
  });

  it('gives up on a MySQL that hangs, and does not take its late answer for the next one', async () => {
    const demo = await startTappedDemo({ ...database, mysqlTimeoutMs: 200, mysqlConnections: 1 });
    const hang = demo.mysqlTap.weather.hang(isSearch);
    const response = await demo.get('/query_mysql');
    expect(response.status).toBe(503);
    expect(textOf(await response.text())).toContain('MySQL did not answer in time');
    hang.stop();
    await vi.waitFor(
      async () => {
        const rows: unknown = await (await demo.get('/api/articles?source=mysql&term=zebra')).json();
        expect(rows).toHaveLength(5);
      },
      { timeout: 20_000 },
    );
  });

  it('turns away at once those for whom the line is too long', async () => {
    // One at work and twenty in the line: the other three are not kept waiting.
    const demo = await startTappedDemo({ ...database, mysqlConnections: 1 });
    const hang = demo.mysqlTap.weather.hang(isSearch);
    const turnedAway: Response[] = [];
    const all = Array.from({ length: 24 }, async () => {
      const response = await demo.get('/query_mysql?term=zebra');
      if (response.status !== 200) turnedAway.push(response.clone());
      return response;
    });
    await vi.waitFor(() => expect(turnedAway).toHaveLength(3), { timeout: 20_000 });
    for (const response of turnedAway) {
      expect(response.status).toBe(503);
      expect(textOf(await response.text())).toContain('MySQL has no connection free');
    }
    hang.stop();
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(21);
  });

  it('tells a wrong password from a server that is away', async () => {
    const url = new URL(database.mysqlUrl);
    url.password = 'not-the-password';
    const demo = await startDemo({ mysqlUrl: url.href });
    const response = await demo.get('/query_mysql');
    expect(response.status).toBe(503);
    const text = textOf(await response.text());
    expect(text).toContain('MySQL does not let this demo in');
    expect(text).toContain('MYSQL_URL');
    expect(text + demo.log.join('')).not.toContain('not-the-password');
  });

  it('tells a database that has no articles yet how to get them', async () => {
    const empty = await createTestDatabase(inject('mysqlUrl'));
    onTestFinished(empty.drop);
    const demo = await startDemo({ mysqlUrl: empty.url });
    const response = await demo.get('/query_cache');
    expect(response.status).toBe(503);
    const text = textOf(await response.text());
    expect(text).toContain('MySQL has not all tables of the data set');
    expect(text).toContain('npm start');
    expect((await demo.get('/readyz')).status).toBe(503);
  });
});

describe('with both away', () => {
  it('names MySQL, since without Redis it would still work', async () => {
    const demo = await startTappedDemo(database);
    demo.redisTap.weather.refuse();
    demo.mysqlTap.weather.refuse();
    const response = await demo.get('/query_cache?term=zebra');
    expect(response.status).toBe(503);
    expect(textOf(await response.text())).toContain('MySQL is not answering');
  });
});

describe('an error that nobody expected', () => {
  it('is a page without its inside, under an id that the log has', async () => {
    const demo = await startTappedDemo(database);
    demo.mysqlTap.weather.fail(isSearch, {
      code: 1690,
      sqlState: '22003',
      message: 'secret detail of the table',
    });
    const response = await demo.get('/query_mysql');
    expect(response.status).toBe(500);
    const id = response.headers.get('x-request-id') ?? '';
    const html = await response.text();
    expect(html).toContain(id);
    expect(html).not.toContain('secret detail');
    const isIts = (entry: string) => entry.includes(id) && entry.includes('"level":50');
    await vi.waitFor(() => expect(demo.log.some(isIts)).toBe(true), { timeout: 20_000 });
    expect(JSON.parse(demo.log.find(isIts) ?? '{}')).toMatchObject({
      req: { id, method: 'GET', url: '/query_mysql' },
      res: { statusCode: 500 },
      err: { message: 'secret detail of the table', code: expect.any(String) },
    });
  });
});
