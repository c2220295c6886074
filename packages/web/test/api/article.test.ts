import { createConnection } from 'mysql2/promise';
import { describe, expect, it, vi } from 'vitest';
import type { Demo } from '../support.ts';
import { startDemo, startTappedDemo, useArticles } from '../support.ts';
import { ARTICLES } from '../articles.ts';

const database = useArticles();

async function patch(
  { server }: Demo,
  id: number,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await fetch(`${server.url}/api/articles/${id}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/merge-patch+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const titleOf = async (response: Response) => ((await response.json()) as { Title: string }).Title;

describe('GET /api/articles/:id', () => {
  it('gives the whole article, as a miss and then as a hit', async () => {
    const { get } = await startDemo(database);
    for (const status of ['fwd=miss; stored; ttl=60', 'redis; hit']) {
      const response = await get('/api/articles/7');
      expect(response.headers.get('cache-status')).toContain(status);
      expect(response.headers.get('cache-status')).toContain(':article:7"');
      expect(await response.json()).toEqual(ARTICLES[6]);
    }
  });

  it('knows for a shorter time that there is none', async () => {
    const { get } = await startDemo(database);
    for (const status of ['fwd=miss; stored; ttl=10', 'redis; hit']) {
      const response = await get('/api/articles/999999');
      expect(response.status).toBe(404);
      expect(response.headers.get('cache-status')).toContain(status);
      expect(await response.json()).toMatchObject({
        type: '/problems/not-found',
        detail: 'There is no article 999999.',
      });
    }
  });

  it.each(['0', '-1', 'abc', '1.5', '1e3', '9999999999', '7;DROP', '%00', '１'])(
    'is a 400 for %s',
    async (id) => {
      const { get } = await startDemo(database);
      const response = await get(`/api/articles/${id}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ parameter: 'id' });
    },
  );
});

describe('PATCH /api/articles/:id', () => {
  it('changes the title for all who read from then on: the article, and every list', async () => {
    const demo = await startDemo(database);
    const lists = ['/api/articles?term=river', '/query_cache?term=no%20river'];
    for (const path of [...lists, '/api/articles/21']) await demo.get(path);

    const response = await patch(demo, 21, { Title: 'Rivers, named anew 🦓' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ...ARTICLES[20], Title: 'Rivers, named anew 🦓' });

    const after = await demo.get('/api/articles/21');
    expect(after.headers.get('cache-status')).toContain('fwd=miss');
    expect(after.headers.get('etag')).toBe(response.headers.get('etag'));
    expect(await titleOf(after)).toBe('Rivers, named anew 🦓');
    for (const path of lists) {
      const list = await demo.get(path);
      expect(list.headers.get('cache-status')).toContain('fwd=miss');
      expect(await list.text()).toContain('Rivers, named anew 🦓');
    }
  });

  it('does so for the readers of another process, too', async () => {
    const demo = await startDemo(database);
    const other = await startDemo({ ...database, cachePrefix: demo.prefix });
    await other.get('/api/articles/22');
    await patch(demo, 22, { Title: 'From elsewhere' });
    expect(await titleOf(await other.get('/api/articles/22'))).toBe('From elsewhere');
  });

  it('commits before it invalidates', async () => {
    const demo = await startTappedDemo(database);
    await demo.get('/api/articles/23');
    const commit = demo.mysqlTap.weather.hold((event) => /^COMMIT/i.test(event.sql ?? ''));
    const changing = patch(demo, 23, { Title: 'Committed' });
    await commit.arrived;
    // Until then the old article is the true one, and stays where it is.
    expect((await demo.get('/api/articles/23')).headers.get('cache-status')).toContain('redis; hit');
    commit.release();
    expect((await changing).status).toBe(200);
    expect(await titleOf(await demo.get('/api/articles/23'))).toBe('Committed');
  });

  it('invalidates also when it does not know whether the change was committed', async () => {
    const demo = await startTappedDemo({ ...database, mysqlTimeoutMs: 500 });
    await demo.get('/api/articles/24');
    const hang = demo.mysqlTap.weather.hang((event) => /^COMMIT/i.test(event.sql ?? ''));
    expect((await patch(demo, 24, { Title: 'Perhaps' })).status).toBe(503);
    hang.stop();
    expect((await demo.get('/api/articles/24')).headers.get('cache-status')).toContain('fwd=miss');
  });

  it('owes the invalidation to a Redis that is away, and never serves the old title itself', async () => {
    const demo = await startTappedDemo(database);
    await demo.get('/api/articles/25');
    const refused = demo.redisTap.weather.refuse();
    expect((await patch(demo, 25, { Title: 'Owed' })).status).toBe(200);
    const stats = async () => (await (await demo.get('/api/stats')).json()) as { cache: { now: object } };
    expect((await stats()).cache.now).toMatchObject({ owedInvalidations: 2 });
    expect(await titleOf(await demo.get('/api/articles/25'))).toBe('Owed');
    refused.stop();
    await vi.waitFor(async () => expect((await stats()).cache.now).toMatchObject({ owedInvalidations: 0 }), {
      timeout: 20_000,
    });
    expect(await titleOf(await demo.get('/api/articles/25'))).toBe('Owed');
  });

  it('changes nothing when If-Match names another article than there is now', async () => {
    const demo = await startDemo(database);
    const etag = (await demo.get('/api/articles/26')).headers.get('etag') ?? '';
    const zipped = { headers: { 'Accept-Encoding': 'gzip' } };
    const other = (await demo.get('/api/articles/26', zipped)).headers.get('etag') ?? '';
    for (const wrong of ['"other"', `W/${etag}`, '""', 'junk']) {
      const response = await patch(demo, 26, { Title: 'Not so' }, { 'If-Match': wrong });
      expect([wrong, response.status]).toEqual([wrong, 412]);
      expect(await response.json()).toMatchObject({ type: '/problems/changed' });
    }
    expect((await demo.get('/api/articles/26')).headers.get('cache-status')).toContain('redis; hit');

    expect((await patch(demo, 26, { Title: 'First' }, { 'If-Match': `"x", ${other}` })).status).toBe(200);
    expect((await patch(demo, 26, { Title: 'Second' }, { 'If-Match': etag })).status).toBe(412);
    expect((await patch(demo, 26, { Title: 'Third' }, { 'If-Match': '*' })).status).toBe(200);
    expect(await titleOf(await demo.get('/api/articles/26'))).toBe('Third');
  });

  it('lets one of many with the same If-Match win', async () => {
    const demo = await startDemo(database);
    const etag = (await demo.get('/api/articles/27')).headers.get('etag') ?? '';
    const all = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, n) => await patch(demo, 27, { Title: `Writer ${n}` }, { 'If-Match': etag }),
      ),
    );
    const statuses = all.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(7);
    const winner = all.find(({ status }) => status === 200);
    expect(await titleOf(await demo.get('/api/articles/27'))).toBe(await titleOf(winner!));
  });

  it.each<[string, unknown, Record<string, string>, number, object]>([
    ['no title', {}, {}, 400, { parameter: 'Title' }],
    ['an empty title', { Title: '' }, {}, 400, { parameter: 'Title' }],
    ['501 characters', { Title: 'x'.repeat(501) }, {}, 400, { parameter: 'Title' }],
    ['half a character', '{"Title":"\\ud800"}', {}, 400, { parameter: 'Title' }],
    ['null, which would remove it', { Title: null }, {}, 400, { parameter: 'Title' }],
    ['another member', { Title: 'x', Journal: 'y' }, {}, 400, { parameter: 'body' }],
    ['the prototype', '{"Title":"x","__proto__":{"isAdmin":true}}', {}, 400, { parameter: 'body' }],
    ['a list', [], {}, 400, { parameter: 'body' }],
    ['a text', '"x"', {}, 400, { type: '/problems/unreadable' }],
    ['no JSON', '{"Title":', {}, 400, { type: '/problems/unreadable' }],
    ['too much', { Title: 'x'.repeat(17_000) }, {}, 413, { type: '/problems/too-large' }],
    [
      'another type',
      { Title: 'x' },
      { 'Content-Type': 'text/plain' },
      415,
      { type: '/problems/wrong-media-type' },
    ],
    ['an unknown encoding', { Title: 'x' }, { 'Content-Encoding': 'compress' }, 415, {}],
    [
      'another site',
      { Title: 'x' },
      { 'Sec-Fetch-Site': 'cross-site' },
      403,
      { type: '/problems/cross-site' },
    ],
  ])('refuses %s', async (_what, body, headers, status, problem) => {
    const demo = await startDemo(database);
    const response = await patch(demo, 28, body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject(problem);
    if (status === 415 && headers['Content-Type'] !== undefined) {
      expect(response.headers.get('accept-patch')).toBe('application/merge-patch+json, application/json');
    }
    const connection = await createConnection(database.mysqlUrl);
    const [rows] = await connection.query('SELECT Title FROM articles WHERE OBJECTID = 28');
    await connection.end();
    expect(rows).toEqual([{ Title: ARTICLES[27]?.Title }]);
  });

  it('is a 404 for an article that is not there', async () => {
    const demo = await startDemo(database);
    expect((await patch(demo, 999_999, { Title: 'x' })).status).toBe(404);
  });
});
