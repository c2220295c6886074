import type { CacheError } from '@workshop/cache';
import { cacheClientOptions, cacheKey, createCache } from '@workshop/cache';
import { Redis } from 'ioredis';
import type { ArticleStore, Engine, EngineState } from './article-store.ts';
import { EngineAwayError } from './errors.ts';
import { MysqlArticles, type MysqlRows } from './mysql-articles.ts';
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
    async ask(source, query) {
      if (source === 'mysql') {
        const found = await mysql.rows(query);
        return { source, json: jsonOf(found), mysqlMs: found.mysqlMs };
      }
      // JSON text in Redis, not objects: a hit goes out as it came in, with nothing parsed and nothing written again.
      const answer = await cache.getOrLoadWithOutcome<Buffer>(
        cacheKey(query.key),
        async () => jsonOf(await mysql.rows(query)),
        { ttlMs: options.cacheTtlMs },
      );
      return { source, json: answer.value, answer };
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

    async close() {
      await cache.close();
      redis.disconnect();
      await mysql.close();
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
