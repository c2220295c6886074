import type { CacheError } from '@workshop/cache';
import { cacheKey, createCache } from '@workshop/cache';
import { openTelemetry } from '@workshop/cache/opentelemetry';
import type { ArticleStore, Engine, EngineState } from './article-store.ts';
import type { Config } from '../config/index.ts';
import { createAskMysql } from '../dashboard/ask-mysql.ts';
import { createAskRedis } from '../dashboard/ask-redis.ts';
import { EngineAwayError } from '../errors.ts';
import { withFreshTime } from './fresh-time.ts';
import { MysqlArticles, type MysqlRows } from './mysql-articles.ts';
import { connectRedis } from './redis-client.ts';
import { CachedRecords } from '../records/cached-records.ts';
import { MysqlRecords } from '../records/mysql-records.ts';
import { ReadCounts } from '../records/read-counts.ts';
import { isTraced } from '../http/tracing.ts';
import { within } from '../within.ts';

/** How each engine is reached, where its URL alone does not say. */
type Access = Pick<
  Config,
  'mysqlTls' | 'mysqlSecret' | 'redisTls' | 'redisSecret' | 'redisMode' | 'secretRefreshMs'
>;

export interface DemoStoreOptions extends Partial<Access> {
  readonly mysqlUrl: string;
  readonly redisUrl: string;
  readonly cacheTtlMs: number;
  /** How much longer a result is kept, to be served only while MySQL cannot answer. Default: not at all. */
  readonly cacheStaleIfErrorMs?: number | undefined;
  /** How many results this process keeps itself, beside Redis. Default: none. */
  readonly nearEntries?: number | undefined;
  readonly redisTimeoutMs: number;
  readonly mysqlTimeoutMs: number;
  readonly mysqlConnections: number;
  /** The beginning of every key. */
  readonly cachePrefix: string;
  /** Told of each key that is read from the cache. */
  readonly onRead?: ((key: string) => void) | undefined;
  /** Told of what Redis could not do while requests went on without it. */
  readonly onCacheError?: ((error: CacheError) => void) | undefined;
  /** Told when a secret gives no new credentials. */
  readonly onSecretError?: ((error: unknown) => void) | undefined;
}

/** The demo's own store: MySQL, and in front of it a cache in Redis. Connects when first asked. */
export function createDemoStore(options: DemoStoreOptions): ArticleStore {
  const { redisTimeoutMs, cacheStaleIfErrorMs: staleIfErrorMs = 0, nearEntries = 0 } = options;
  const mysqlAccess = {
    url: options.mysqlUrl,
    tls: options.mysqlTls,
    secret: options.mysqlSecret,
    secretRefreshMs: options.secretRefreshMs,
    onSecretError: options.onSecretError,
  };
  const mysql = new MysqlArticles({
    ...mysqlAccess,
    connections: options.mysqlConnections,
    timeoutMs: options.mysqlTimeoutMs,
  });
  // The dashboard's own connection: it is told how MySQL does also when all others are taken.
  const watching = new MysqlArticles({ ...mysqlAccess, connections: 1, timeoutMs: 1_000 });
  const { client: redis, disconnect } = connectRedis({
    url: options.redisUrl,
    mode: options.redisMode,
    tls: options.redisTls,
    secret: options.redisSecret,
    secretRefreshMs: options.secretRefreshMs,
    onSecretError: options.onSecretError,
  });
  const cache = createCache({
    redis,
    prefix: options.cachePrefix,
    timeoutMs: redisTimeoutMs,
    onError: options.onCacheError,
    ...(nearEntries > 0 && { near: { maxEntries: nearEntries } }),
    ...(isTraced() && { tracing: openTelemetry() }),
  });
  const { onRead } = options;
  if (onRead !== undefined) cache.events.on('read', ({ key }) => onRead(key));

  return {
    async ask(source, query) {
      if (source === 'mysql') {
        const found = await mysql.rows(query);
        return { source, json: jsonOf(found), mysqlMs: found.mysqlMs };
      }
      // JSON text in Redis, not objects: a hit goes out as it came in, with nothing parsed and nothing written again.
      const answer = await cache.getOrLoadWithOutcome<Buffer>(
        cacheKey(query.key),
        async () => jsonOf(await mysql.rows(query)),
        { ttlMs: options.cacheTtlMs, staleIfErrorMs, tags: query.kind.tables },
      );
      return { source, json: answer.value, answer: withFreshTime(answer, staleIfErrorMs) };
    },

    explain: async (query) => await mysql.explain(query),

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

    records: new CachedRecords({
      cache,
      mysql: new MysqlRecords(mysql),
      ttlMs: options.cacheTtlMs,
      staleIfErrorMs,
    }),

    reads: new ReadCounts({ redis, prefix: `${options.cachePrefix}-reads`, timeoutMs: redisTimeoutMs }),

    cacheStats: () => cache.stats(),

    mysqlPool: () => mysql.pool,

    askRedis: createAskRedis(redis, { keyPrefix: options.cachePrefix }),

    askMysql: createAskMysql(watching),

    async close() {
      await cache.close();
      disconnect();
      await Promise.all([mysql.close(), watching.close()]);
    },
  };
}

const jsonOf = ({ rows }: MysqlRows): Buffer => Buffer.from(JSON.stringify(rows));

async function check(engine: Engine, ask: () => Promise<unknown>): Promise<EngineState> {
  const startedAt = performance.now();
  const ok = await ask().then(
    () => true,
    () => false,
  );
  return { engine, ok, ms: performance.now() - startedAt };
}
