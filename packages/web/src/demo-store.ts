import type { CacheError } from '@workshop/cache';
import { cacheClientOptions, cacheKey, createCache } from '@workshop/cache';
import type { ArticleRow } from '@workshop/dataset';
import { searchArticlesSql } from '@workshop/dataset';
import { Redis } from 'ioredis';
import { format } from 'mysql2';
import type { ArticleStore, Engine, EngineState, SearchRequest } from './article-store.ts';
import { EngineAwayError } from './errors.ts';
import { MysqlArticles } from './mysql-articles.ts';
import { within } from './within.ts';

export interface DemoStoreOptions {
  readonly mysqlUrl: string;
  readonly redisUrl: string;
  readonly cacheTtlMs: number;
  readonly redisTimeoutMs: number;
  readonly mysqlTimeoutMs: number;
  readonly mysqlConnections: number;
  /** The beginning of every key. */
  readonly cachePrefix: string;
  /** Told of what Redis could not do while requests went on without it. */
  readonly onCacheError?: ((error: CacheError) => void) | undefined;
}

/** The demo's own store: MySQL, and in front of it a cache in Redis. Connects when first asked. */
export function createDemoStore(options: DemoStoreOptions): ArticleStore {
  const { redisTimeoutMs } = options;
  const mysql = new MysqlArticles({
    url: options.mysqlUrl,
    connections: options.mysqlConnections,
    timeoutMs: options.mysqlTimeoutMs,
  });
  const redis = new Redis(options.redisUrl, cacheClientOptions);
  // Each read that had to do without Redis reports it; the client itself connects again for as long as it takes.
  redis.on('error', () => {});
  const cache = createCache({
    redis,
    prefix: options.cachePrefix,
    timeoutMs: redisTimeoutMs,
    onError: options.onCacheError,
  });

  return {
    statement(request) {
      const { sql, params } = searchArticlesSql(request);
      return format(sql, [...params]);
    },

    async search(source, request) {
      if (source === 'mysql') return { source, ...(await mysql.search(request)) };
      const answer = await cache.getOrLoadWithOutcome<readonly ArticleRow[]>(
        searchKey(request),
        async () => (await mysql.search(request)).rows,
        { ttlMs: options.cacheTtlMs },
      );
      return { source, rows: answer.value, answer };
    },

    async deleteCache() {
      const { removed, error } = await cache.clear();
      if (error === undefined) return removed;
      throw new EngineAwayError('redis', error.fault === 'timeout' ? 'slow' : 'away', { cause: error });
    },

    async check() {
      return Promise.all([
        check('mysql', () => mysql.check()),
        check('redis', () =>
          within(redisTimeoutMs, redis.ping(), () => new EngineAwayError('redis', 'slow')),
        ),
      ]);
    },

    async close() {
      await cache.close();
      redis.disconnect();
      await mysql.close();
    },
  };
}

/** `search:delta:500`: all that changes the answer, and nothing else. */
function searchKey({ term, limit }: SearchRequest): string {
  return cacheKey(['search', term, limit]);
}

async function check(engine: Engine, ask: () => Promise<unknown>): Promise<EngineState> {
  const startedAt = performance.now();
  const ok = await ask().then(
    () => true,
    () => false,
  );
  return { engine, ok, ms: performance.now() - startedAt };
}
