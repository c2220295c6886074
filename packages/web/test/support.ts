import { loadFixture } from '@workshop/dataset';
import { createTestDatabase, testKeyPrefix } from '@workshop/engines/test-space';
import type { MysqlTap, RedisTap } from '@workshop/wiretap';
import { createMysqlTap, createRedisTap } from '@workshop/wiretap';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, onTestFinished, vi } from 'vitest';
import type { ArticleStore, Config, RunningServer } from '../src/index.ts';
import { readConfig, startServer } from '../src/index.ts';
import { ARTICLES } from './articles.ts';

/** A database with the test articles for all tests of a file. Call it at the top of the file. */
export function useArticles(): { readonly mysqlUrl: string } {
  const database = { mysqlUrl: '' };
  let drop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const made = await createTestDatabase(inject('mysqlUrl'));
    drop = made.drop;
    database.mysqlUrl = made.url;
    await loadFixture(made.url, { articles: ARTICLES });
  });
  afterAll(() => drop?.());
  return database;
}

export const CONFIG: Config = {
  ...(await readConfig({ MYSQL_URL: 'mysql://localhost', REDIS_URL: 'redis://localhost' })),
  port: 0,
  mysqlUrl: '',
  redisUrl: '',
  cachePrefix: 'articles',
  cacheTtlMs: 60_000,
  cacheStaleIfErrorMs: 0,
  // Long enough that a machine under load is not taken for an engine that is away.
  redisTimeoutMs: 10_000,
  mysqlTimeoutMs: 20_000,
  mysqlConnections: 4,
  logLevel: 'info',
  stopLimitMs: 20_000,
};

/** A store that can do no more than a lab's. */
export const bareStore: ArticleStore = {
  ask: async () => ({ source: 'mysql', json: Buffer.from('[]'), mysqlMs: 1 }),
  explain: async () => [],
  deleteCache: async () => 0,
  check: async () => [],
  close: async () => {},
};

export interface Demo {
  readonly server: RunningServer;
  readonly prefix: string;
  /** Looks at Redis past the demo. */
  readonly redis: Redis;
  /** What was logged, a JSON object a line. */
  readonly log: string[];
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  readonly post: (path: string, headers?: Record<string, string>) => Promise<Response>;
}

/** The demo, listening on a port of its own, with keys of its own; all of it goes with the test. */
export async function startDemo(config: Partial<Config> & Pick<Config, 'mysqlUrl'>): Promise<Demo> {
  const prefix = testKeyPrefix().replace(/:$/, '');
  const full = { ...CONFIG, redisUrl: inject('redisUrl'), cachePrefix: prefix, ...config };
  const log: string[] = [];
  const logger = pino({ level: full.logLevel }, { write: (line) => void log.push(line) });
  const server = await startServer(full, { logger });
  const redis = new Redis(inject('redisUrl'));
  onTestFinished(async () => {
    await server.close();
    const keys = await redis.keys(`${prefix}*`);
    if (keys.length > 0) await redis.unlink(keys);
    redis.disconnect();
  });
  return {
    server,
    prefix,
    redis,
    log,
    get: (path, init) => fetch(server.url + path, init),
    post: (path, headers = {}) => fetch(server.url + path, { method: 'POST', headers, redirect: 'manual' }),
  };
}

/** The demo with taps before its engines, which record what passes and make weather. */
export async function startTappedDemo(
  config: Partial<Config> & Pick<Config, 'mysqlUrl'>,
): Promise<Demo & { mysqlTap: MysqlTap; redisTap: RedisTap }> {
  const mysqlTap = await createMysqlTap({ upstream: upstreamOf(config.mysqlUrl) });
  const redisTap = await createRedisTap({ upstream: upstreamOf(inject('redisUrl')) });
  onTestFinished(async () => {
    await mysqlTap.close();
    await redisTap.close();
  });
  const urls = { mysqlUrl: mysqlTap.url(config.mysqlUrl), redisUrl: redisTap.url(inject('redisUrl')) };
  const demo = await startDemo({ ...config, ...urls });
  // Both engines have been reached once, so that what a test breaks was whole before.
  await vi.waitFor(async () => expect(await (await demo.get('/readyz')).json()).toMatchObject(ALL_WELL), {
    timeout: 20_000,
  });
  return { ...demo, mysqlTap, redisTap };
}

export const ALL_WELL = { status: 'ok', engines: { mysql: { ok: true }, redis: { ok: true } } };

/** The metrics of a `Server-Timing` header by name, in milliseconds. */
export function timings(response: Response): Record<string, number> {
  const header = response.headers.get('server-timing') ?? '';
  return Object.fromEntries(
    [...header.matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, duration]) => [name, Number(duration)]),
  );
}

/** What a reader sees: the page without its markup, white space made single. */
export function textOf(html: string): string {
  return html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

function upstreamOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
