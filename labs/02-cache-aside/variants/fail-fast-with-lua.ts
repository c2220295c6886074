// Another right way: a client that refuses commands until it is connected, so that nobody queues for Redis; scripts in
// place of GET and SET; a Redis hash for all searches with one limit; queries shared by those who ask at the same time.
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { createPool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ArticleStore, StoreOptions } from '../../contract.ts';

const look = "return redis.call('HGET', KEYS[1], ARGV[1])";
const store = "redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) redis.call('PEXPIRE', KEYS[1], ARGV[3])";

const findSql = `SELECT * FROM articles WHERE LOCATE(?, Sentence) > 0
  ORDER BY PublishedDate DESC, OBJECTID LIMIT ?`;
const articleSql =
  'SELECT a.*, Readers, LastReadAt FROM articles a NATURAL JOIN article_reads WHERE OBJECTID = ?';

export async function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): Promise<ArticleStore> {
  const pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });
  const redis = new Redis(redisUrl, { enableOfflineQueue: false, commandTimeout: 250 });
  redis.on('error', () => undefined);
  const underWay = new Map<string, Promise<unknown>>();

  async function ask(sql: string, values: (string | number)[]): Promise<RowDataPacket[]> {
    return (await pool.query<RowDataPacket[]>(sql, values))[0];
  }

  async function aside<T>(bucket: string, field: string, load: () => Promise<T>): Promise<T> {
    const found = await redis.eval(look, 1, bucket, field).catch(() => null);
    if (typeof found === 'string') return unpack(found) as T;
    const value = await once(`${bucket} ${field}`, load);
    await redis.eval(store, 1, bucket, field, pack(value), 60_000).catch(() => null);
    return value;
  }

  async function once<T>(name: string, load: () => Promise<T>): Promise<T> {
    const running = underWay.get(name) ?? load().finally(() => underWay.delete(name));
    underWay.set(name, running);
    return (await running) as T;
  }

  return {
    async search(term, limit) {
      inRange(limit);
      const field = createHash('sha256').update(term).digest('base64');
      return await aside(
        `found:${limit}`,
        field,
        async () => (await ask(findSql, [term, limit])) as ArticleRow[],
      );
    },

    async byId(id) {
      return await aside('article', String(id), async () => {
        const [row] = await ask(articleSql, [id]);
        return row && ({ ...row, Readers: BigInt(row['Readers']) } as Article);
      });
    },

    async explainSearch(term, limit) {
      inRange(limit);
      const [row] = await ask(`EXPLAIN ${findSql}`, [term, limit]);
      return { access: row?.['type'], key: row?.['key'], rows: Number(row?.['rows']) };
    },

    async close() {
      redis.disconnect();
      await pool.end();
    },
  };
}

function inRange(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 500) return;
  throw new RangeError(`${limit} is no limit from 1 to 500`);
}

/** The two columns that JSON can't carry are known by their names. */
function pack(value: unknown): string {
  const text = JSON.stringify(value, (key, item: unknown) => (key === 'Readers' ? String(item) : item));
  return text ?? 'none';
}

function unpack(text: string): unknown {
  if (text === 'none') return undefined;
  return JSON.parse(text, (key, item: string) => {
    if (key === 'Readers') return BigInt(item);
    return key === 'LastReadAt' ? new Date(item) : item;
  });
}
