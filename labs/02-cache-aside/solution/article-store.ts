import { Redis } from 'ioredis';
import { createPool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ArticleStore, StoreOptions } from '../../contract.ts';

const mostRows = 500;
const ttlSeconds = 60;

const searchSql = `SELECT * FROM articles WHERE Sentence LIKE ?
  ORDER BY PublishedDate DESC, OBJECTID LIMIT ?`;

const byIdSql = `SELECT a.*, r.Readers, r.LastReadAt
  FROM articles a JOIN article_reads r ON r.OBJECTID = a.OBJECTID
  WHERE a.OBJECTID = ?`;

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): ArticleStore {
  const pool = createPool({
    uri: mysqlUrl,
    connectionLimit: 10,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  const redis = new Redis(redisUrl, {
    // A cache that answers late is worse than none: the read goes on to MySQL after this many ms.
    commandTimeout: 300,
    // While Redis is away, fail a command at the first lost connection instead of the twentieth.
    maxRetriesPerRequest: 1,
    // Look for it again at least every second, so that caching resumes soon after it is back.
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  // The cache being away is not an error of this program: reads go to MySQL meanwhile.
  redis.on('error', () => {});

  /** Cache-aside: look in Redis, load on a miss, store with an expiry, serve. */
  async function cached<T>(key: string, load: () => Promise<T>): Promise<T> {
    const found = await redis.get(key).catch(() => null);
    if (found !== null) return decode(found) as T;
    // An error of the load goes to the caller, and nothing is stored.
    const value = await load();
    await redis.set(key, encode(value), 'EX', ttlSeconds).catch(() => {});
    return value;
  }

  return {
    async search(term, limit) {
      const params = searchParams(term, limit);
      // Everything that changes the answer is in the key. The number comes first: it has no colon in it, so no term
      // can make two keys alike.
      return await cached(`articles:search:${limit}:${term}`, async () => {
        const [rows] = await pool.execute<RowDataPacket[]>(searchSql, params);
        return rows as ArticleRow[];
      });
    },

    async byId(id) {
      // "There is no such article" is an answer too, and is cached as null.
      const article = await cached(`articles:id:${id}`, async () => {
        const [[row]] = await pool.execute<RowDataPacket[]>(byIdSql, [id]);
        return row ? ({ ...row, Readers: BigInt(row['Readers']) } as Article) : null;
      });
      return article ?? undefined;
    },

    async explainSearch(term, limit) {
      const [[plan]] = await pool.execute<RowDataPacket[]>(`EXPLAIN ${searchSql}`, searchParams(term, limit));
      if (!plan) throw new Error('EXPLAIN returned no row');
      return { access: plan['type'], key: plan['key'], rows: Number(plan['rows']) };
    },

    async close() {
      redis.disconnect();
      await pool.end();
    },
  };
}

function searchParams(term: string, limit: number): [like: string, limit: number] {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostRows) {
    throw new RangeError(`limit: a whole number from 1 to ${mostRows} wanted, got ${limit}`);
  }
  const literal = term.replace(/[\\%_]/g, String.raw`\$&`);
  return [`%${literal}%`, limit];
}

/** JSON has no bigint (it throws) and no Date (it comes back as text): both go in under a name and come out again. */
function encode(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, item: unknown) {
    // `this[key]` is the value before Date's own toJSON made text of it.
    const original = this[key];
    if (original instanceof Date) return { $date: original.toISOString() };
    return typeof item === 'bigint' ? { $bigint: item.toString() } : item;
  });
}

function decode(text: string): unknown {
  return JSON.parse(text, (_key, item: { $date?: string; $bigint?: string } | null) => {
    if (item?.$date !== undefined) return new Date(item.$date);
    return item?.$bigint !== undefined ? BigInt(item.$bigint) : item;
  });
}
