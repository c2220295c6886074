// Another right way: one file, a class, RESP2, values as bytes by V8's serializer, a hash that a script writes with its
// expiry, "there is none" under a key of its own, lives in whole seconds. The visitor does not wait for the write.
import { deserialize, serialize } from 'node:v8';
import { Redis, type Result } from 'ioredis';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ExpiringStore, QueryPlan, Readers, StoreOptions } from '../../contract.ts';

const searchSql =
  "SELECT * FROM articles WHERE Sentence LIKE ? ESCAPE '!' ORDER BY PublishedDate DESC, OBJECTID LIMIT ?";
const byIdSql =
  'SELECT a.*, Readers, LastReadAt FROM articles a NATURAL JOIN article_reads WHERE OBJECTID = ?';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    putHash(
      key: string,
      none: string,
      seconds: number,
      ...fields: (string | bigint)[]
    ): Result<number, Context>;
    putNone(key: string, none: string, seconds: number): Result<string, Context>;
  }
}

const scripts = {
  putHash: {
    numberOfKeys: 2,
    lua: `redis.call('DEL', KEYS[1], KEYS[2])
      redis.call('HSET', KEYS[1], unpack(ARGV, 2))
      return redis.call('EXPIRE', KEYS[1], ARGV[1])`,
  },
  putNone: {
    numberOfKeys: 2,
    lua: `redis.call('DEL', KEYS[1])
      return redis.call('SET', KEYS[2], '', 'EX', ARGV[1])`,
  },
};

/** Whole seconds, a tenth up or down. */
function about(seconds: number): number {
  const most = Math.round(seconds / 10);
  return seconds - most + Math.floor(Math.random() * (2 * most + 1));
}

class TimedStore implements ExpiringStore {
  readonly #pool: Pool;
  readonly #redis: Redis;

  constructor({ mysqlUrl, redisUrl }: StoreOptions) {
    this.#pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });
    this.#redis = new Redis(redisUrl, {
      protocol: 2,
      commandTimeout: 400,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 100,
      scripts,
    });
    this.#redis.on('error', () => undefined);
  }

  async search(term: string, limit: number): Promise<ArticleRow[]> {
    const values = bound(term, limit);
    return (await this.#text(
      `search/${limit}/${term}`,
      async () => await this.#rows(searchSql, values),
    )) as ArticleRow[];
  }

  async byId(id: number): Promise<Article | undefined> {
    const [article] = (await this.#text(`article/${id}`, async () => {
      const rows = await this.#rows(byIdSql, [id]);
      return rows.map((row) => ({ ...row, Readers: BigInt(row['Readers']) }));
    })) as Article[];
    return article;
  }

  async readers(id: number): Promise<Readers | undefined> {
    const [key, none] = [`readers/${id}`, `no-readers/${id}`];
    const { count, at, isNone } = await this.#seen(key, none);
    if (count && at) return { Readers: BigInt(count), LastReadAt: new Date(Number(at)) };
    if (isNone) return undefined;
    const [row] = await this.#rows('SELECT * FROM article_reads WHERE OBJECTID = ?', [id]);
    if (!row) {
      quietly(this.#redis.putNone(key, none, about(10)));
      return undefined;
    }
    const record = { Readers: BigInt(row['Readers']), LastReadAt: row['LastReadAt'] as Date };
    const fields = ['Readers', record.Readers, 'LastReadAt', String(record.LastReadAt.getTime())];
    quietly(this.#redis.putHash(key, none, about(60), ...fields));
    return record;
  }

  async explainSearch(term: string, limit: number): Promise<QueryPlan> {
    const [row] = await this.#rows(`EXPLAIN ${searchSql}`, bound(term, limit));
    return { access: row?.['type'], key: row?.['key'], rows: Number(row?.['rows']) };
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#pool.end();
  }

  /** The two columns, where they are there, and whether Redis knows that there is no record. */
  async #seen(key: string, none: string): Promise<{ count?: string; at?: string; isNone?: boolean }> {
    try {
      const [[count, at], isNone] = await Promise.all([
        this.#redis.hmget(key, 'Readers', 'LastReadAt'),
        this.#redis.exists(none),
      ]);
      return { ...(count && { count }), ...(at && { at }), isNone: isNone === 1 };
    } catch {
      return {};
    }
  }

  async #text(key: string, load: () => Promise<unknown[]>): Promise<unknown[]> {
    const bytes = await this.#redis.getBuffer(key).catch(() => null);
    if (bytes) return deserialize(bytes) as unknown[];
    const rows = await load();
    quietly(this.#redis.setex(key, about(rows.length > 0 ? 60 : 10), serialize(rows)));
    return rows;
  }

  async #rows(text: string, values: (string | number)[]): Promise<RowDataPacket[]> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(text, values);
    return rows.map((row) => ({ ...row }));
  }
}

function quietly(write: Promise<unknown>): void {
  write.catch(() => undefined);
}

function bound(term: string, limit: number): [string, number] {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 500) throw new RangeError(`limit ${limit}`);
  return [`%${term.replace(/[!%_]/g, '!$&')}%`, limit];
}

export function createArticleStore(options: StoreOptions): ExpiringStore {
  return new TimedStore(options);
}
