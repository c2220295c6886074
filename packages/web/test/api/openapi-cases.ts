import { createLogger, startServer } from '../../src/index.ts';
import { onTestFinished, vi } from 'vitest';
import { startBreakableDemo } from '../faults/support.ts';
import { bareStore, CONFIG, startDemo, startTappedDemo, type Demo } from '../support.ts';

interface Database {
  readonly mysqlUrl: string;
}

/** How to come by an answer that the document tells of. */
export interface Case {
  readonly method: string;
  /** As the document has it. */
  readonly path: string;
  readonly status: number;
  readonly ask: (database: Database) => Promise<Response>;
}

export function caseName({ method, path, status }: Case): string {
  return `${method} ${path} ${status}`;
}

type Init = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };
type Way = (path: string, init?: Init) => Case['ask'];

/** Of the demo as it is. */
const plain: Way = (path, init) => async (database) => {
  const demo = await startDemo(database);
  return await demo.get(path, { redirect: 'manual', ...init });
};

/** Asked twice, the second time with the ETag of the first. */
const again: Way = (path) => async (database) => {
  const demo = await startDemo(database);
  const etag = (await demo.get(path)).headers.get('etag') ?? '';
  return await demo.get(path, { headers: { 'If-None-Match': etag } });
};

/** Of the demo with MySQL gone. */
const withoutMysql: Way = (path, init) => async (database) => {
  const demo = await startTappedDemo(database);
  demo.mysqlTap.weather.refuse();
  return await demo.get(path, init);
};

/** Of the demo with Redis gone. */
const withoutRedis: Way = (path) => async (database) => {
  const demo = await startTappedDemo(database);
  demo.redisTap.weather.refuse();
  return await vi.waitFor(
    async () => {
      const response = await demo.get(path);
      if (response.status !== 503) throw new Error(`Redis is still there: ${response.status}.`);
      return response;
    },
    { timeout: 20_000 },
  );
};

/** Once more than may be asked in a minute. */
const tooOften: Way = (path, init) => async (database) => {
  const demo = await startDemo({ ...database, rateLimitPerMinute: 1 });
  await demo.get(path, init);
  return await demo.get(path, init);
};

/** Of a store that can do no more than a lab's. */
const byAnotherStore: Way = (path, init) => async () => {
  const server = await startServer(CONFIG, { store: bareStore, logger: createLogger('silent') });
  onTestFinished(async () => await server.close());
  return await fetch(server.url + path, init);
};

const list = (path: string, bad: string, more = ''): Case[] =>
  [
    [200, plain(`${path}?source=mysql${more}`)],
    [304, again(path)],
    [400, plain(`${path}?${bad}`)],
    [429, tooOften(`${path}?source=mysql`)],
    [503, withoutMysql(path)],
  ].map(([status, ask]) => ({ method: 'get', path, status, ask }) as Case);

const change = (body: string, headers: Record<string, string> = {}): Init => ({
  method: 'PATCH',
  headers: { 'Content-Type': 'application/merge-patch+json', ...headers },
  body,
});
const RENAME = change('{"Title":"Another"}');

const article = (method: string, status: number, ask: Case['ask']): Case => ({
  method,
  path: '/api/articles/{id}',
  status,
  ask,
});

const other = (method: string, path: string, status: number, ask: Case['ask']): Case => ({
  method,
  path,
  status,
  ask,
});

const breakable =
  (ask: (demo: { url: string }) => Promise<Response>): Case['ask'] =>
  async (database) => {
    const { server } = await startBreakableDemo(database);
    return await ask(server);
  };

const POST_JSON = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
const FROM_ELSEWHERE = { 'Sec-Fetch-Site': 'cross-site' };

export const CASES: readonly Case[] = [
  ...list('/api/articles', 'limit=0', '&limit=2'),
  other('get', '/api/articles', 200, plain('/api/articles?query=words&term=delta')),
  other('get', '/api/articles', 308, plain('/api/articles?query=nearby&lat=1&source=mysql')),
  ...list('/api/journals', 'limit=101'),
  ...list('/api/cities/near', 'lat=91'),

  article('get', 200, plain('/api/articles/1')),
  article('get', 304, again('/api/articles/1')),
  article('get', 400, plain('/api/articles/one')),
  article('get', 404, plain('/api/articles/999999999')),
  article('get', 501, byAnotherStore('/api/articles/1')),
  article('get', 503, withoutMysql('/api/articles/1')),

  article('patch', 200, plain('/api/articles/2', RENAME)),
  article('patch', 400, plain('/api/articles/2', change('{"Title":1}'))),
  article('patch', 400, plain('/api/articles/2', change('{'))),
  article('patch', 403, plain('/api/articles/2', change('{"Title":"x"}', FROM_ELSEWHERE))),
  article('patch', 404, plain('/api/articles/999999999', RENAME)),
  article('patch', 412, plain('/api/articles/2', change('{"Title":"x"}', { 'If-Match': '"other"' }))),
  article('patch', 413, plain('/api/articles/2', change(`{"Title":"${'x'.repeat(17_000)}"}`))),
  article('patch', 415, plain('/api/articles/2', change('Title=x', { 'Content-Type': 'text/plain' }))),
  article('patch', 429, tooOften('/api/articles/2', RENAME)),
  article('patch', 501, byAnotherStore('/api/articles/2', RENAME)),
  article('patch', 503, withoutMysql('/api/articles/2', RENAME)),

  other('get', '/api/leaderboard', 200, async (database) => {
    const demo = await startDemo(database);
    await demo.get('/api/articles/1');
    return await whenCounted(demo);
  }),
  other('get', '/api/leaderboard', 400, plain('/api/leaderboard?limit=all')),
  other('get', '/api/leaderboard', 501, byAnotherStore('/api/leaderboard')),
  other('get', '/api/leaderboard', 503, withoutRedis('/api/leaderboard')),

  other('get', '/api/stats', 200, async (database) => {
    const demo = await startDemo(database);
    for (const path of ['/api/articles', '/api/articles', '/nowhere']) await demo.get(path);
    return await demo.get('/api/stats');
  }),
  other('get', '/api/stats', 501, byAnotherStore('/api/stats')),

  other('get', '/api/openapi.json', 200, plain('/api/openapi.json')),
  other('get', '/api/openapi.json', 304, again('/api/openapi.json')),

  other('get', '/api/faults', 200, plain('/api/faults')),
  other(
    'delete',
    '/api/faults',
    200,
    breakable(async ({ url }) => await fetch(`${url}/api/faults`, { method: 'DELETE' })),
  ),
  other('delete', '/api/faults', 403, plain('/api/faults', { method: 'DELETE', headers: FROM_ELSEWHERE })),
  other('delete', '/api/faults', 409, plain('/api/faults', { method: 'DELETE' })),
  ...(
    [
      [
        200,
        breakable(
          async ({ url }) => await fetch(`${url}/api/faults/slow`, { ...POST_JSON, body: '{"seconds":1}' }),
        ),
      ],
      [400, plain('/api/faults/stop', { ...POST_JSON, body: '{"seconds":500}' })],
      [403, plain('/api/faults/stop', { method: 'POST', headers: FROM_ELSEWHERE })],
      [404, plain('/api/faults/earthquake', { method: 'POST' })],
      [409, plain('/api/faults/stop', { method: 'POST' })],
      [413, plain('/api/faults/stop', { ...POST_JSON, body: JSON.stringify({ key: 'x'.repeat(5_000) }) })],
    ] as const
  ).map(([status, ask]) => other('post', '/api/faults/{fault}', status, ask)),
];

async function whenCounted(demo: Demo): Promise<Response> {
  return await vi.waitFor(
    async () => {
      const response = await demo.get('/api/leaderboard');
      const board: unknown = await response.clone().json();
      if (JSON.stringify(board).includes('"articles":[]')) throw new Error('Nothing is counted yet.');
      return response;
    },
    { timeout: 20_000 },
  );
}
