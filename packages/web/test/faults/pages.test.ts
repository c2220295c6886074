import { describe, expect, it, vi } from 'vitest';
import { startDemo, textOf, useArticles } from '../support.ts';
import { expectWell, startBreakableDemo } from './support.ts';

const database = useArticles();

/** How a search fares while each fault is on, where it was a hit before. */
const FAULTS = [
  ['stop', /^redis; fwd=bypass; .*detail=unavailable$/],
  ['slow', /^redis; hit/],
  ['hang', /^redis; fwd=bypass/],
  ['fill', /^redis; hit/],
] as const;

describe('each fault', () => {
  it.each(FAULTS)(
    '%s: pages and API go on, and say what happened; mended, a hit is a hit',
    async (name, status) => {
      const demo = await startBreakableDemo({
        ...database,
        ...(name === 'slow' && { redisTimeoutMs: 10_000 }),
      });
      await demo.ask();
      expect(await demo.ask()).toMatch(/^redis; hit/);

      const broken = await demo.post(`/break/${name}`, { seconds: '120' });
      expect([broken.status, broken.headers.get('location')]).toEqual([303, '/break?seconds=120']);
      expect(demo.faults.active).toMatchObject({ name, phase: 'on' });
      // A connection that was lost is noticed a moment later.
      await vi.waitFor(async () => expect(await demo.ask()).toMatch(status), { timeout: 20_000 });
      expect(await demo.ask('/api/articles')).toMatch(status);

      const mended = await demo.post('/break/mend');
      expect([mended.status, mended.headers.get('location')]).toEqual([303, '/break']);
      expect(demo.faults.active).toBeUndefined();
      await demo.whenHit();
      await demo.whenHit('/api/articles');
      await expectWell(demo.redis);
    },
  );

  it('fill: what is not cached yet is a miss each time, since it cannot be stored', async () => {
    const demo = await startBreakableDemo(database);
    await demo.post('/break/fill');
    for (let time = 1; time <= 2; time += 1) {
      const status = await demo.ask('/query_cache?term=zebra');
      expect(status).toContain('fwd=miss');
      expect(status).not.toContain('stored');
    }
    await demo.post('/break/mend');
    expect(await demo.ask('/query_cache?term=zebra')).toContain('stored');
    await demo.whenHit('/query_cache?term=zebra');
  });

  it('evict: entries go, the least recently used first, and the demo loads them again', async () => {
    const demo = await startBreakableDemo(database);
    for (let index = 0; index < 200; index += 1) {
      await demo.redis.ask('SET', `articles:old:${index}`, 'x'.repeat(50_000), 'PX', 600_000);
    }
    await demo.ask();
    await demo.post('/break/evict');
    await vi.waitFor(async () => expect(Number(await demo.redis.ask('DBSIZE'))).toBeLessThan(60), {
      timeout: 20_000,
    });
    expect(String(await demo.redis.ask('INFO', 'stats'))).toMatch(/^evicted_keys:[1-9]/m);
    await demo.ask();
    await demo.whenHit();
    await demo.post('/break/mend');
    await demo.whenHit();
    await expectWell(demo.redis);
  });

  it('expire: the hottest key, or the one that is named, is a miss once', async () => {
    const demo = await startBreakableDemo(database);
    for (const path of ['/query_cache', '/query_cache', '/query_cache?term=zebra']) await demo.ask(path);
    expect((await demo.post('/break/expire', { key: '' })).status).toBe(303);
    expect(await demo.ask('/query_cache?term=zebra')).toContain('redis; hit');
    expect(await demo.ask()).toContain('fwd=miss');
    expect(await demo.ask()).toContain('redis; hit');

    const [, key] = (await demo.redis.ask('SCAN', 0, 'MATCH', '*zebra*', 'COUNT', 1_000)) as [
      string,
      string[],
    ];
    expect((await demo.post('/break/expire', { key: key[0] ?? '' })).status).toBe(303);
    expect(await demo.ask('/query_cache?term=zebra')).toContain('fwd=miss');

    const none = await demo.post('/break/expire', { key: 'no such key' });
    expect(none.status).toBe(400);
    expect(textOf(await none.text())).toContain('key must be a key in Redis, and "no such key" is none.');
    expect(demo.faults.active).toBeUndefined();
  });

  it('is mended by itself', async () => {
    const demo = await startBreakableDemo(database);
    await demo.ask();
    await demo.post('/break/hang', { seconds: '1' });
    expect(demo.faults.active).toMatchObject({ name: 'hang' });
    await vi.waitFor(() => expect(demo.faults.active).toBeUndefined(), { timeout: 20_000 });
    await demo.whenHit();
  });
});

describe('the page', () => {
  it('says how Redis is, what is on and for how long, and what the room will see', async () => {
    const demo = await startBreakableDemo(database);
    const read = async () => textOf(await (await demo.get('/break?seconds=60')).text());
    expect(await read()).toContain('Redis is well');
    await demo.post('/break/stop', { seconds: '60' });
    const text = await read();
    expect(text).toContain('Redis is gone');
    expect(text).toMatch(/\b(60|59) s left/);
    expect(text).toContain('Mend it now');
    const state: unknown = await (await demo.get('/api/faults')).json();
    expect(state).toMatchObject({ available: true, state: 'stop', phase: 'on', headline: 'Redis is gone' });
    await demo.post('/break/mend');
    expect(await read()).toContain('Redis is gone: that is over.');
  });

  it('is there for programs, too', async () => {
    const demo = await startBreakableDemo(database);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"seconds":60}' };
    const broken = await fetch(`${demo.server.url}/api/faults/hang`, init);
    expect(await broken.json()).toMatchObject({ state: 'hang', secondsLeft: expect.any(Number) });
    const mended = await fetch(`${demo.server.url}/api/faults`, { method: 'DELETE' });
    expect(await mended.json()).toMatchObject({ state: 'well' });
  });
});

describe('what cannot be done', () => {
  it('is said where there is nothing to break: 409', async () => {
    const demo = await startDemo(database);
    const page = await demo.get('/break');
    expect(page.status).toBe(200);
    const why =
      'This demo runs on a Redis that others may use too. Start it with npm start, and it has one of its own.';
    const html = await page.text();
    expect(textOf(html)).toContain(why);
    expect(html.match(/<button[^>]*formaction[^>]* disabled/g)).toHaveLength(5);
    for (const path of ['/break/stop', '/break/mend']) {
      const refused = await demo.post(path);
      expect([path, refused.status]).toEqual([path, 409]);
      expect(textOf(await refused.text())).toContain(why);
    }
    const problem = await demo.post('/api/faults/stop');
    expect(problem.headers.get('content-type')).toContain('application/problem+json');
    expect(await problem.json()).toMatchObject({ status: 409, detail: why });
    expect(await (await demo.get('/api/faults')).json()).toMatchObject({ available: false, why });
  });

  it.each(['0', '121', '-1', '1.5', 'ten', '1e2'])('for %s seconds is a 400', async (seconds) => {
    const demo = await startBreakableDemo(database);
    const response = await demo.post('/break/stop', { seconds });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('seconds must be a whole number from 1 to 120');
    expect(demo.faults.active).toBeUndefined();
  });

  it('is refused to other sites, to links, and for faults and forms that are none', async () => {
    const demo = await startBreakableDemo(database);
    const post = (path: string, init: RequestInit) =>
      fetch(demo.server.url + path, { method: 'POST', ...init });
    const headers = { 'sec-fetch-site': 'cross-site' };
    for (const path of ['/break/stop', '/break/mend', '/api/faults/stop']) {
      expect([path, (await post(path, { headers })).status]).toEqual([path, 403]);
      const link = await demo.get(path);
      expect([path, link.status, link.headers.get('allow')]).toEqual([path, 405, 'POST']);
    }
    expect((await demo.post('/break/everything')).status).toBe(404);
    expect((await demo.post('/break/constructor')).status).toBe(404);
    const json = { 'content-type': 'application/json' };
    expect((await post('/break/stop', { headers: json, body: '{' })).status).toBe(400);
    expect((await post('/break/stop', { headers: json, body: '{"seconds":[1]}' })).status).toBe(400);
    expect((await post('/break/expire', { headers: json, body: '{"key":{}}' })).status).toBe(400);
    expect((await demo.post('/break/stop', { junk: 'x'.repeat(8_000) })).status).toBe(413);
    expect(demo.faults.active).toBeUndefined();
  });
});
