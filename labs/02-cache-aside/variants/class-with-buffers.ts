// Another right way: a class; values as bytes by V8's serializer, which knows Date and bigint; keys by a hash; SETEX in
// a MULTI; a time-out of its own; nothing awaited that the visitor does not need.
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { Redis } from 'ioredis';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ArticleStore, QueryPlan, StoreOptions } from '../../contract.ts';

const sql =
  "SELECT * FROM articles WHERE Sentence LIKE ? ESCAPE '!' ORDER BY PublishedDate DESC, OBJECTID LIMIT ?";

class CachedStore implements ArticleStore {
  readonly #pool: Pool;
  readonly #redis: Redis;

  constructor({ mysqlUrl, redisUrl }: StoreOptions) {
    this.#pool = createPool({
      uri: mysqlUrl,
      connectionLimit: 4,
      supportBigNumbers: true,
      bigNumberStrings: true,
    });
    this.#redis = new Redis(redisUrl, { protocol: 2, maxRetriesPerRequest: 0, retryStrategy: () => 100 });
    this.#redis.on('error', () => undefined);
  }

  async search(term: string, limit: number): Promise<ArticleRow[]> {
    const values = check(term, limit);
    return (await this.#aside(['search', term, limit], () => this.#rows(sql, values))) as ArticleRow[];
  }

  async byId(id: number): Promise<Article | undefined> {
    return (await this.#aside(['article', id], async () => {
      const [row] = await this.#rows(
        'SELECT a.*, Readers, LastReadAt FROM articles a NATURAL JOIN article_reads WHERE OBJECTID = ?',
        [id],
      );
      return row && { ...row, Readers: BigInt(row['Readers']) };
    })) as Article | undefined;
  }

  async explainSearch(term: string, limit: number): Promise<QueryPlan> {
    const [row] = await this.#rows(`EXPLAIN ${sql}`, check(term, limit));
    return { access: row?.['type'], key: row?.['key'], rows: Number(row?.['rows']) };
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#pool.end();
  }

  async #rows(text: string, values: (string | number)[]): Promise<RowDataPacket[]> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(text, values);
    return rows.map((row) => ({ ...row }));
  }

  async #aside(parts: unknown[], load: () => Promise<unknown>): Promise<unknown> {
    const key = `aside:${createHash('sha1').update(JSON.stringify(parts)).digest('base64url')}`;
    const bytes = await within(500, this.#redis.getBuffer(key));
    if (bytes) return (deserialize(bytes) as [unknown])[0];
    const value = await load();
    const written = this.#redis
      .multi()
      .setex(key, 90, serialize([value]))
      .exec();
    written.catch(() => undefined);
    return value;
  }
}

function check(term: string, limit: number): [string, number] {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 500) throw new RangeError(`limit ${limit}`);
  return [`%${term.replace(/[!%_]/g, '!$&')}%`, limit];
}

/** The value, or null when it fails or takes longer than `ms`. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([promise.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}

export function createArticleStore(options: StoreOptions): ArticleStore {
  return new CachedStore(options);
}
