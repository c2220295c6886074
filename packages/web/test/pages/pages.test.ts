import { describe, expect, it } from 'vitest';
import { DELTAS } from '../articles.ts';
import { startDemo, textOf, timings, useArticles } from '../support.ts';

const database = useArticles();

describe('the start page', () => {
  it('says what this is, shows the query and what to press', async () => {
    const { get } = await startDemo(database);
    const response = await get('/');
    expect(response.status).toBe(200);
    const text = textOf(await response.text());
    expect(text).toContain('Seconds to milliseconds');
    expect(text).toContain(
      "SELECT OBJECTID, Sentence, MatchedPlace, Title, Journal, PublishedDate FROM articles WHERE Sentence LIKE '%delta%' ORDER BY OBJECTID LIMIT 500",
    );
    expect(text).toContain('Query MySQL');
    expect(text).toContain('Query the cache');
    expect(text).toContain('Delete the cache');
  });
});

describe('/query_mysql', () => {
  it('shows the rows, the SQL and the time that MySQL took, and asks no cache', async () => {
    const { get, redis, prefix } = await startDemo(database);
    for (const time of ['first', 'second']) {
      const response = await get('/query_mysql');
      expect([time, response.status]).toEqual([time, 200]);
      expect(response.headers.get('cache-status')).toBe('redis; fwd=bypass; detail=not-asked');
      expect(Object.keys(timings(response))).toEqual(['mysql']);
      expect(timings(response)['mysql']).toBeGreaterThan(0);
      const html = await response.text();
      expect(html.match(/<tr role="row"><td/g)).toHaveLength(DELTAS);
      expect(html).toMatch(/<mark>delta<\/mark>/i);
      const text = textOf(html);
      expect(text).toContain('From MySQL');
      expect(text).toContain('MySQL read the whole table to answer this.');
      expect(text).toContain(`${DELTAS} rows`);
      expect(text).toContain("LIKE '%delta%' ORDER BY OBJECTID LIMIT 500");
    }
    expect(await redis.keys(`${prefix}:*`)).toEqual([]);
  });

  it('does not say that MySQL read it all when the limit let it stop early', async () => {
    const { get } = await startDemo(database);
    const text = textOf(await (await get('/query_mysql?limit=3')).text());
    expect(text).toContain('MySQL read row after row until it had enough.');
    expect(text).toContain('3 rows');
  });
});

describe('/query_cache', () => {
  it('is a miss first, that says why and what became of it, and then a hit', async () => {
    const { get, redis, prefix } = await startDemo(database);

    const miss = await get('/query_cache');
    expect(miss.headers.get('cache-status')).toBe(
      `redis; fwd=miss; stored; ttl=60; key="${prefix}:search:delta:500"; detail=absent`,
    );
    expect(Object.keys(timings(miss))).toEqual(['cache', 'mysql']);
    const missText = textOf(await miss.text());
    expect(missText).toContain('Cache miss');
    expect(missText).toContain('Redis was asked for the key, and had none');
    expect(missText).toContain(`MySQL was asked, and found ${DELTAS} rows.`);
    expect(missText).toContain('Redis keeps them for 60 s');

    const left = await redis.pttl(`${prefix}:search:delta:500`);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);

    const hit = await get('/query_cache');
    expect(hit.headers.get('cache-status')).toMatch(
      new RegExp(`^redis; hit; ttl=\\d{1,2}; key="${prefix}:search:delta:500"$`),
    );
    expect(Object.keys(timings(hit))).toEqual(['cache']);
    const hitText = textOf(await hit.text());
    expect(hitText).toContain('Cache hit');
    expect(hitText).toContain('Redis had the rows. MySQL was not asked.');
    expect(hitText).toMatch(/Expires in \d+ s/);
    expect(hitText).toContain(`${prefix}:search:delta:500`);
    expect(hitText).toMatch(/[\d.,]+× as fast as MySQL/);
    expect(hitText).toContain(`${DELTAS} rows`);
  });

  it('shows the same rows as MySQL, as a miss and as a hit', async () => {
    const { get } = await startDemo(database);
    const rowsOf = async (path: string) => /<tbody.*<\/tbody>/s.exec(await (await get(path)).text())?.[0];
    const rows = await rowsOf('/query_mysql');
    expect(rows).toContain('delta');
    expect(await rowsOf('/query_cache')).toBe(rows);
    expect(await rowsOf('/query_cache')).toBe(rows);
  });

  it('keeps searches apart that differ in term or limit only', async () => {
    const { get } = await startDemo(database);
    const search = async (query: string) => (await get(`/query_cache?${query}`)).headers.get('cache-status');
    expect(await search('term=zebra&limit=500')).toContain('fwd=miss');
    expect(await search('term=zebra&limit=50')).toContain('fwd=miss');
    expect(await search('term=zebra:50&limit=500')).toContain('fwd=miss');
    expect(await search('term=Zebra&limit=500')).toContain('fwd=miss');
    expect(await search('term=zebra&limit=500')).toContain('redis; hit');
  });

  it('caches that nothing was found', async () => {
    const { get } = await startDemo(database);
    await get('/query_cache?term=qqqq');
    const hit = await get('/query_cache?term=qqqq');
    expect(hit.headers.get('cache-status')).toContain('redis; hit');
    expect(textOf(await hit.text())).toContain('No sentence contains that.');
  });

  it('loads again once the time of the rows is up', async () => {
    const { get, redis, prefix } = await startDemo(database);
    await get('/query_cache');
    await redis.pexpire(`${prefix}:search:delta:500`, 0);
    expect((await get('/query_cache')).headers.get('cache-status')).toContain('fwd=miss');
  });

  it('asks MySQL once for visitors who come together', async () => {
    const { get } = await startDemo(database);
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await get('/query_cache?term=of')).headers.get('cache-status')),
    );
    expect(
      statuses.filter((status) => status?.includes('fwd=miss') && !status.includes('collapsed')),
    ).toHaveLength(1);
  });
});

describe('what a visitor typed, and what the table holds', () => {
  it('is text on the page, never markup', async () => {
    const { get } = await startDemo(database);
    const html = await (await get('/query_mysql?term=zebra')).text();
    expect(html).not.toMatch(/<script>|<img|onerror=alert\(1\)>/);
    expect(html).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; of <mark>zebra</mark>',
    );
    expect(html.match(/<tr role="row"><td/g)).toHaveLength(5);
    expect(html).toContain('<mark>ZEBRA</mark> 漢字 \u{1F993} <mark>zebra</mark>');

    const term = '"><script>alert(1)</script>';
    const echo = await (await get(`/query_mysql?term=${encodeURIComponent(term)}`)).text();
    expect(echo).not.toMatch(/<script(?! type="module" src="\/scripts\/)/);
    expect(textOf(echo)).toContain(`LIKE '%\\">${term.slice(2)}%'`);
  });

  it('matches as it is written: % and _ stand for themselves, and a quote ends nothing', async () => {
    const { get } = await startDemo(database);
    const count = async (term: string) => {
      const rows: unknown = await (
        await get(`/api/articles?source=mysql&term=${encodeURIComponent(term)}`)
      ).json();
      return Array.isArray(rows) ? rows.length : rows;
    };
    expect(await count('100%')).toBe(1);
    expect(await count('zebra_s')).toBe(1);
    expect(await count("zebra's")).toBe(1);
    expect(await count(`zebra' OR '1'='1`)).toBe(0);
    expect(await count(String.raw`\' OR 1=1 -- `)).toBe(0);
    expect(await count('漢字')).toBe(1);
  });
});

describe('every page', () => {
  it('lets the browser load its own files and nothing else', async () => {
    const { get } = await startDemo(database);
    for (const path of ['/', '/query_mysql', '/query_cache', '/nowhere', '/query_mysql?limit=0']) {
      const response = await get(path);
      const policy = response.headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("script-src 'self'");
      expect(response.headers.get('x-powered-by')).toBeNull();
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const html = await response.text();
      expect(html).not.toMatch(
        /<script(?! type="module" src="\/scripts\/)|<style|\sstyle=|\son\w+=|https?:\/\//,
      );
    }
  });

  it('finds all that it refers to', async () => {
    const { get } = await startDemo(database);
    const html = await (await get('/query_cache?term=a%26b%22&limit=7')).text();
    const addresses = [...html.matchAll(/(?:href|action|formaction)="([^"#]+)"/g)].map(([, address]) =>
      (address ?? '').replaceAll('&amp;', '&'),
    );
    expect(new Set(addresses.map((address) => address.replace(/\?.*/, '')))).toEqual(
      new Set([
        '/',
        '/icon.svg',
        '/style.css',
        '/query_mysql',
        '/query_cache',
        '/delete_cache',
        '/api/articles',
        '/break',
        '/compare',
        '/dashboard',
      ]),
    );
    for (const address of new Set(addresses)) {
      const { status } = await get(address);
      expect([address, status]).toEqual([address, address.startsWith('/delete_cache') ? 405 : 200]);
    }
  });
});
