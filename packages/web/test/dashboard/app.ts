import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Cache } from '@workshop/cache';
import { cacheClientOptions, createCache } from '@workshop/cache';
import { searchArticlesSql } from '@workshop/dataset';
import type { Response } from 'express';
import express from 'express';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import { createAskMysql } from '../../src/dashboard/ask-mysql.ts';
import { createAskRedis } from '../../src/dashboard/ask-redis.ts';
import type { Dashboard } from '../../src/dashboard/dashboard.ts';
import { createDashboard } from '../../src/dashboard/dashboard.ts';
import { dashboardRoutes } from '../../src/dashboard/routes.ts';
import { errorHandler, notFound } from '../../src/http/error-handler.ts';
import { Load } from '../../src/load/load.ts';
import { MysqlArticles } from '../../src/store/mysql-articles.ts';
import { loadRoutes } from '../../src/load/routes.ts';
import { scripts } from '../../src/pages/scripts.ts';
import { createViews } from '../../src/pages/views.ts';

export interface AppOptions {
  readonly mysqlUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly everyMs?: number;
  readonly port?: number;
  readonly cacheOnly?: boolean;
}

export interface App {
  readonly url: string;
  readonly dashboard: Dashboard;
  readonly load: Load;
  readonly cache: Cache;
  /** Ends all streams, though the dashboard goes on. */
  dropReaders(): void;
  close(): Promise<void>;
}

/** The dashboard and the load generator on a server that has little else: a query of the cache, and of MySQL. */
export async function startApp({
  mysqlUrl,
  redisUrl,
  prefix,
  everyMs = 1_000,
  port = 0,
  cacheOnly,
}: AppOptions): Promise<App> {
  const redis = new Redis(redisUrl, cacheClientOptions);
  redis.on('error', () => {});
  const cache = createCache({ redis, prefix });
  const pool = createPool({ uri: mysqlUrl, connectionLimit: 4 });
  const watching = new MysqlArticles({ url: mysqlUrl, connections: 1, timeoutMs: 1_000 });
  const dashboard = createDashboard({
    everyMs,
    sources: {
      cacheStats: () => cache.stats(),
      askRedis: createAskRedis(redis, { keyPrefix: prefix }),
      askMysql: createAskMysql(watching),
    },
  });
  const app = express();
  app.set('query parser', 'simple');
  const server = createServer(app);
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const load = new Load({ url, cacheOnly, onChange: (state) => dashboard.showLoad(state) });
  const views = createViews();
  app.use(express.static(fileURLToPath(new URL('../../public', import.meta.url))), scripts());
  const streams = new Set<Response>();
  app.use('/dashboard/events', (_request, response, next) => {
    streams.add(response);
    next();
  });
  app.use(dashboardRoutes({ dashboard, load, render: (page) => views.render('dashboard', page) }));
  app.use(loadRoutes(load));
  app.use(dashboard.meter.handler);

  const search = async (term: string, limit: number) => {
    const { sql, params } = searchArticlesSql({ term, limit });
    const [rows] = await pool.execute(sql, params);
    return rows;
  };
  app.get('/query_cache', async (request, response) => {
    const { term = 'delta', limit = '10' } = request.query as Record<string, string>;
    const read = async () => await search(term, Number(limit));
    const answer = await cache.getOrLoadWithOutcome(`search:${term}:${limit}`, read, { ttlMs: 60_000 });
    response.set('Cache-Status', answer.outcome === 'hit' ? 'redis; hit' : `redis; fwd=${answer.outcome}`);
    response.json(answer.value);
  });
  app.get('/query_mysql', async (request, response) => {
    const { term = 'delta', limit = '10' } = request.query as Record<string, string>;
    const rows = await search(term, Number(limit));
    response.set('Cache-Status', 'redis; fwd=bypass; detail=not-asked');
    response.json(rows);
  });

  app.use(notFound, errorHandler(views));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: url(),
    dashboard,
    load,
    cache,
    dropReaders() {
      for (const response of streams) response.end();
    },
    async close() {
      await load.close();
      await dashboard.close();
      server.close();
      server.closeAllConnections();
      await cache.clear();
      await cache.close();
      redis.disconnect();
      await Promise.all([pool.end(), watching.close()]);
    },
  };
}
