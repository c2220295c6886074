import { describe, expect, inject, it } from 'vitest';
import { startDemo, useArticles } from '../support.ts';

const database = useArticles();

describe('every answer', () => {
  it.each([
    '/',
    '/query_cache',
    '/api/articles',
    '/api/articles/1',
    '/api/articles/none',
    '/api/nowhere',
    '/nowhere',
    '/style.css',
    '/healthz',
    '/problems/not-found',
  ])('has the headers that keep a page to itself: %s', async (path) => {
    const { get } = await startDemo(database);
    const { headers } = await get(path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it.each(['/api/articles', '/api/articles/1', '/query_cache', '/metrics', '/nowhere'])(
    'has no word of CORS, asked by another site or ahead of it: %s',
    async (path) => {
      const { get } = await startDemo(database);
      const origin = { Origin: 'https://example.com' };
      const preflight = {
        ...origin,
        'Access-Control-Request-Method': 'PATCH',
        'Access-Control-Request-Headers': 'content-type',
      };
      for (const init of [{ headers: origin }, { method: 'OPTIONS', headers: preflight }]) {
        const { headers } = await get(path, init);
        expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    },
  );
});

describe('a method that an address does not have', () => {
  it.each([
    ['/api/articles', 'POST', 'GET, HEAD'],
    ['/api/articles', 'DELETE', 'GET, HEAD'],
    ['/api/articles/1', 'PUT', 'GET, HEAD, PATCH'],
    ['/api/openapi.json', 'PATCH', 'GET, HEAD'],
    ['/api/stats', 'PROPFIND', 'GET, HEAD'],
  ])('%s %s is a 405', async (path, method, allow) => {
    const { get } = await startDemo(database);
    const response = await get(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ type: '/problems/wrong-method', status: 405 });
  });

  it('OPTIONS tells the methods', async () => {
    const { get } = await startDemo(database);
    const response = await get('/api/articles/1', { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, PATCH, OPTIONS']);
  });
});

describe('the page of a problem', () => {
  it('is where its type says', async () => {
    const { get } = await startDemo(database);
    const { type } = (await (await get('/api/articles?limit=0')).json()) as { type: string };
    const page = await get(type);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('A parameter of the address');
    expect((await get('/problems/nonsense')).status).toBe(404);
    expect((await get('/problems/constructor')).status).toBe(404);
  });
});

describe('what costs', () => {
  const limited = { ...database, rateLimitPerMinute: 3 };

  it('is told how much is left, and then refused, with when to come again', async () => {
    const { get } = await startDemo({ ...limited, ...database });
    for (const left of [2, 1, 0]) {
      const response = await get('/api/articles?source=mysql');
      expect(response.status).toBe(200);
      expect(response.headers.get('ratelimit')).toContain(`r=${left}`);
      expect(response.headers.get('ratelimit-policy')).toContain('w=60');
    }
    const refused = await get('/api/articles?source=mysql');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await refused.json()).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
    const page = await get('/query_mysql');
    expect(page.status).toBe(429);
    expect(await page.text()).toContain('Too many requests');
  });

  it.each([
    ['/QUERY_MYSQL', {}],
    ['/query_mysql/', {}],
    ['/api/journals?source=mysql', {}],
    ['/API/cities/near/?source=mysql', {}],
    ['/api/articles/1', { method: 'PATCH' }],
    ['/delete_cache', { method: 'POST' }],
    ['/compare', {}],
    ['/load', { method: 'POST' }],
  ])('is counted wherever it is asked: %s', async (path, init) => {
    const { get } = await startDemo({ ...limited, ...database });
    for (let n = 0; n < 3; n++) await get('/query_mysql');
    expect((await get(path, init)).status).toBe(429);
  });

  it('is not what the cache answers', async () => {
    const { get } = await startDemo({ ...limited, ...database });
    for (let n = 0; n < 10; n++) {
      for (const path of ['/query_cache', '/api/articles', '/api/articles/1', '/'])
        expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
  });

  it('is counted by the address of the connection, unless a proxy is trusted', async () => {
    const spoofed = async (trustProxy: false | number) => {
      const { get } = await startDemo({ ...limited, ...database, trustProxy });
      const statuses = new Set<number>();
      for (let n = 0; n < 5; n++) {
        const headers = { 'X-Forwarded-For': `203.0.113.${n}` };
        statuses.add((await get('/query_mysql', { headers })).status);
      }
      return [...statuses];
    };
    expect(await spoofed(false)).toEqual([200, 429]);
    expect(await spoofed(1)).toEqual([200]);
  });

  it('may be asked without end where no limit is set', async () => {
    const { get } = await startDemo({ ...database, rateLimitPerMinute: 0 });
    for (let n = 0; n < 20; n++) {
      const response = await get('/query_mysql');
      expect([response.status, response.headers.get('ratelimit')]).toEqual([200, null]);
    }
  });
});

it('no log line has a password, whatever was asked', async () => {
  const { get, post, log } = await startDemo(database);
  const passwords = [database.mysqlUrl, inject('redisUrl')].map((url) => new URL(url).password);
  expect(passwords.every((password) => password.length > 0)).toBe(true);
  for (const path of [
    '/',
    '/query_mysql',
    '/query_cache',
    '/api/articles/1',
    '/api/stats',
    '/metrics',
    '/readyz',
  ])
    await get(path);
  await post('/delete_cache');
  await get('/api/articles/1', {
    method: 'PATCH',
    body: '{}',
    headers: { 'Content-Type': 'application/json' },
  });
  expect(log.length).toBeGreaterThan(5);
  for (const password of passwords) expect(log.join('')).not.toContain(password);
});
