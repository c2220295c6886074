import { describe, expect, it } from 'vitest';
import { startDemo, textOf, useArticles } from '../support.ts';

const database = useArticles();

describe('POST /delete_cache', () => {
  it("removes this demo's keys, and no other", async () => {
    const demo = await startDemo(database);
    const other = await startDemo(database);
    await demo.redis.set(`${demo.prefix}-stranger`, 'stays', 'PX', 600_000);
    await demo.get('/query_cache');
    await demo.get('/query_cache?term=zebra');
    await other.get('/query_cache');

    // Two searches, and the stamp of the tag that both carry.
    const response = await demo.post('/delete_cache?term=zebra&limit=5');
    expect(response.status).toBe(303);
    const location = response.headers.get('location') ?? '';
    expect(location).toBe('/?query=scan&term=zebra&limit=5&deleted=3');
    expect(textOf(await (await demo.get(location)).text())).toContain(
      'The cache is deleted: 3 keys removed.',
    );

    expect((await demo.get('/query_cache')).headers.get('cache-status')).toContain('fwd=miss');
    expect((await other.get('/query_cache')).headers.get('cache-status')).toContain('redis; hit');
    expect(await demo.redis.getdel(`${demo.prefix}-stranger`)).toBe('stays');
  });

  it.each<[string, Record<string, string>, number]>([
    ['a page of this site', { 'sec-fetch-site': 'same-origin' }, 303],
    ['a page of this site, as an older browser says it', { origin: 'OWN' }, 303],
    ['no browser at all', {}, 303],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://example.com' }, 403],
    ['another port of this host', { 'sec-fetch-site': 'same-site' }, 403],
    ['another site, as an older browser says it', { origin: 'https://example.com' }, 403],
    ['a page with no origin to name', { origin: 'null' }, 403],
  ])('from %s', async (_from, headers, status) => {
    const demo = await startDemo(database);
    await demo.get('/query_cache');
    const origin = headers['origin'] === 'OWN' ? { origin: demo.server.url } : {};
    expect((await demo.post('/delete_cache', { ...headers, ...origin })).status).toBe(status);
    const after = (await demo.get('/query_cache')).headers.get('cache-status');
    expect(after).toContain(status === 303 ? 'fwd=miss' : 'redis; hit');
  });

  it('cannot be done by following a link', async () => {
    const demo = await startDemo(database);
    await demo.get('/query_cache');
    const response = await demo.get('/delete_cache');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await demo.get('/query_cache')).headers.get('cache-status')).toContain('redis; hit');
  });
});
