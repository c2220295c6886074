// Another right way: one file of functions. An entry carries the stamps that its tags had before it was loaded; a read
// fetches entry and stamps by one MGET, and compares. A write replaces the stamps.
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { createPool, type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { Article, Readers, StoreOptions, WritableStore } from '../../contract.ts';
import type { ArticleRow } from '@workshop/dataset';

const searchSql =
  'SELECT * FROM articles WHERE Sentence LIKE ? ORDER BY PublishedDate DESC, OBJECTID LIMIT ?';
const week = 604_800;
const stampOf = (tag: string) => `stamp|${tag}`;
const newStamp = () => randomBytes(9).toString('base64');

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): WritableStore {
  const pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });
  const redis = new Redis(redisUrl, {
    commandTimeout: 400,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 200,
  });
  redis.on('error', () => undefined);

  /** Tags that are to get new stamps as soon as Redis takes them. While there are any, nothing is read from the cache. */
  const late = new Set<string>();
  const hurry = setInterval(() => void restamp([]), 1_000);

  async function restamp(tags: string[]): Promise<boolean> {
    for (const tag of tags) late.add(tag);
    const due = [...late];
    if (due.length === 0) return true;
    const pipeline = redis.pipeline();
    for (const tag of due) pipeline.set(stampOf(tag), newStamp(), 'EX', week);
    const done = await pipeline.exec().catch(() => null);
    if (!done || done.some(([error]) => error)) return false;
    for (const tag of due) late.delete(tag);
    return true;
  }

  async function remember<T>(key: string, tags: string[], load: () => Promise<T[]>): Promise<T[]> {
    if (!(await restamp([]))) return await load();
    try {
      const [text, ...stamps] = await redis.mget([key, ...tags.map(stampOf)]);
      const entry = text
        ? (JSON.parse(text) as { stamps: string[]; rows: [string, unknown][][] })
        : undefined;
      if (entry && entry.stamps.every((stamp, index) => stamp === stamps[index]))
        return entry.rows.map(thaw) as T[];
    } catch {
      return await load();
    }
    const pipeline = redis.pipeline();
    for (const tag of tags) pipeline.set(stampOf(tag), newStamp(), 'EX', week, 'NX');
    const [, stamps] =
      (
        await pipeline
          .mget(tags.map(stampOf))
          .exec()
          .catch(() => null)
      )?.at(-1) ?? [];
    const rows = await load();
    if (!(stamps as string[] | undefined)?.every(Boolean)) return rows;
    const life = Math.round((rows.length > 0 ? 60_000 : 10_000) * (0.91 + 0.18 * Math.random()));
    await redis.set(key, JSON.stringify({ stamps, rows: rows.map(freeze) }), 'PX', life).catch(() => null);
    return rows;
  }

  async function inOneGo(
    tags: string[],
    work: (connection: Connection) => Promise<number>,
  ): Promise<boolean> {
    const connection = await pool.getConnection();
    let sent = false;
    try {
      await connection.query('BEGIN');
      const rows = await work(connection);
      sent = rows > 0;
      await connection.query('COMMIT');
      return rows > 0;
    } catch (error) {
      await connection.query('ROLLBACK').catch(() => connection.destroy());
      throw error;
    } finally {
      connection.release();
      if (sent) await restamp(tags);
    }
  }

  const select = async (text: string, values: (string | number)[]): Promise<RowDataPacket[]> =>
    (await pool.execute<RowDataPacket[]>(text, values))[0];

  return {
    search: async (term, limit) => {
      const values = bound(term, limit);
      return await remember(
        `search|${limit}|${term}`,
        ['lists'],
        async () => (await select(searchSql, values)) as ArticleRow[],
      );
    },
    byId: async (id) => {
      const text = 'SELECT * FROM articles JOIN article_reads USING (OBJECTID) WHERE OBJECTID = ?';
      const load = async () =>
        (await select(text, [id])).map((row) => ({ ...row, Readers: BigInt(row['Readers']) }) as Article);
      return (await remember(`id|${id}`, [`id|${id}`], load))[0];
    },
    readers: async (id) => {
      const text = 'SELECT Readers, LastReadAt FROM article_reads WHERE OBJECTID = ?';
      const load = async () =>
        (await select(text, [id])).map(
          (row) => ({ ...row, Readers: BigInt(row['Readers']) }) as Readers & RowDataPacket,
        );
      return (await remember(`readers|${id}`, [`readers|${id}`], load))[0];
    },
    publish: async (article) => {
      const id = article.OBJECTID;
      await inOneGo([`id|${id}`, `readers|${id}`, 'lists'], async (connection) => {
        await connection.query('INSERT INTO article_reads VALUES (?, 0, ?)', [id, new Date()]);
        await connection.query('INSERT INTO articles SET ?', [article]);
        return 1;
      });
    },
    revise: async (id, { Title, Sentence, PublishedDate }) => {
      const changes = Object.entries({ Title, Sentence, PublishedDate }).filter(
        ([, value]) => value !== undefined,
      );
      return await inOneGo([`id|${id}`, 'lists'], async (connection) => {
        const text = 'UPDATE articles SET ? WHERE OBJECTID = ?';
        const [done] = await connection.query<ResultSetHeader>(text, [Object.fromEntries(changes), id]);
        return done.affectedRows;
      });
    },
    countRead: async (id) =>
      await inOneGo([`id|${id}`, `readers|${id}`], async (connection) => {
        const text = 'UPDATE article_reads SET Readers = Readers + 1, LastReadAt = ? WHERE OBJECTID = ?';
        const [done] = await connection.query<ResultSetHeader>(text, [new Date(), id]);
        return done.affectedRows;
      }),
    explainSearch: async (term, limit) => {
      const [plan] = await select(`EXPLAIN ${searchSql}`, bound(term, limit));
      return { access: plan?.['type'], key: plan?.['key'], rows: Number(plan?.['rows']) };
    },
    close: async () => {
      clearInterval(hurry);
      redis.disconnect();
      await pool.end();
    },
  };
}

/** Each value with its type, for what JSON has no words. */
function freeze(row: unknown): [string, unknown][] {
  return Object.entries(row as object).map(([name, value]) => {
    if (value instanceof Date) return [`d${name}`, value.getTime()];
    return typeof value === 'bigint' ? [`n${name}`, String(value)] : [`j${name}`, value];
  });
}

function thaw(row: [string, unknown][]): object {
  const types: Record<string, (value: never) => unknown> = { d: (value) => new Date(value), n: BigInt };
  return Object.fromEntries(
    row.map(([name, value]) => [name.slice(1), types[name[0] ?? '']?.(value as never) ?? value]),
  );
}

function bound(term: string, limit: number): [string, number] {
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new RangeError(`limit ${limit}`);
  return [`%${term.replaceAll(/[%_\\]/g, String.raw`\$&`)}%`, limit];
}
