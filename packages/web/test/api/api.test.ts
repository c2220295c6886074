import { describe, expect, it } from 'vitest';
import { ARTICLES, DELTAS, HOSTILE } from '../articles.ts';
import { ARTICLE_COLUMNS } from '../../src/queries/articles.ts';
import { startDemo, timings, useArticles } from '../support.ts';

const database = useArticles();
const shown = (rows: typeof ARTICLES) =>
  rows.map((row) => Object.fromEntries(ARTICLE_COLUMNS.map((column) => [column, row[column]])));
const deltas = shown(ARTICLES.filter(({ Sentence }) => /delta/i.test(Sentence)));

describe('GET /api/articles', () => {
  it('gives the same rows, whole and in order, from MySQL, on a miss and on a hit', async () => {
    const { get } = await startDemo(database);
    for (const [source, status] of [
      ['mysql', 'redis; fwd=bypass'],
      ['cache', 'redis; fwd=miss'],
      ['cache', 'redis; hit'],
    ]) {
      const response = await get(`/api/articles?source=${source}`);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('cache-status')).toContain(status);
      expect(await response.json()).toEqual(deltas);
    }
    expect(deltas).toHaveLength(DELTAS);
  });

  it('takes term and limit, and goes to the cache unless told otherwise', async () => {
    const { get } = await startDemo(database);
    const response = await get('/api/articles?term=zebra&limit=2');
    expect(await response.json()).toEqual(shown(HOSTILE.slice(0, 2)));
    expect(response.headers.get('cache-status')).toContain('fwd=miss; stored; ttl=60');
    expect(timings(response)).toEqual({ cache: expect.any(Number), mysql: expect.any(Number) });
  });

  it('shares what is cached with the page of the same search', async () => {
    const { get } = await startDemo(database);
    await get('/query_cache?term=zebra');
    expect((await get('/api/articles?term=zebra')).headers.get('cache-status')).toContain('redis; hit');
  });

  it('writes a key in Cache-Status that a header can carry', async () => {
    const { get, prefix } = await startDemo(database);
    const response = await get(`/api/articles?term=${encodeURIComponent('漢"\\')}`);
    expect(response.headers.get('cache-status')).toContain(`key="${prefix}:search:%E6%BC%A2%2522%5C:500"`);
  });
});

describe('what cannot be searched for', () => {
  it.each([
    ['term', 'term='],
    ['term', `term=${'x'.repeat(101)}`],
    ['term', 'term=a&term=b'],
    ['limit', 'limit=0'],
    ['limit', 'limit=501'],
    ['limit', 'limit=-1'],
    ['limit', 'limit=1.5'],
    ['limit', 'limit=1e2'],
    ['limit', 'limit='],
    ['limit', 'limit=1&limit=2'],
    ['limit', 'limit=5;DROP TABLE articles'],
    ['source', 'source=redis'],
    ['source', 'source=mysql&source=cache'],
  ])('is a 400 that names %s, for %s', async (parameter, query) => {
    const { get } = await startDemo(database);
    const response = await get(`/api/articles?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const problem: unknown = await response.json();
    expect(problem).toMatchObject({
      status: 400,
      parameter,
      detail: expect.stringMatching(`^${parameter} must `),
    });
    if (parameter === 'source') return;
    const page = await get(`/query_cache?${query}`);
    expect(page.status).toBe(400);
    expect(await page.text()).toContain(`${parameter} must `);
  });

  it('leaves out nothing that can: 100 characters, an emoji counted as one', async () => {
    const { get } = await startDemo(database);
    expect((await get(`/api/articles?term=${encodeURIComponent('\u{1F993}'.repeat(100))}`)).status).toBe(200);
    expect((await get('/api/articles?limit=1')).status).toBe(200);
    expect((await get('/api/articles?limit=500')).status).toBe(200);
  });
});

describe('addresses that are none', () => {
  it.each([
    ['/nowhere', 404],
    ['/query_mysql/', 200],
    ['/%E0%A4%A', 404],
    ['/query_mysql?term=%E0%A4%A', 200],
    ['/../../etc/passwd', 404],
    ['/..%2f..%2fpackage.json', 404],
    ['/views/layout.eta', 404],
    ['/query_mysql?term[$ne]=1', 200],
    ['/query_mysql?__proto__[x]=1', 200],
    ['/query_mysql?constructor=1&toString=2', 200],
    [`/query_mysql?junk=${'x'.repeat(8_000)}`, 200],
  ])('%s is answered with %i', async (path, status) => {
    const { get } = await startDemo(database);
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toMatch(/node_modules|at \w+ \(/);
  });

  it('under /api are problem details', async () => {
    const { get } = await startDemo(database);
    const response = await get('/api/nowhere');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: '/problems/not-found', status: 404 });
  });
});
