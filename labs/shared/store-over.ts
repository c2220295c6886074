import { createPool, type RowDataPacket } from 'mysql2/promise';
import { createWrites } from '../05-monitoring/solution/writes.ts';
import type { Article, MonitoredStore, Readers } from '../contract.ts';
import type { ArticleRow } from '@workshop/dataset';

/** What a variant brings: a cache of its own making. */
export interface VariantCache {
  /** `null` stands for "there is none". */
  getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T>;
  invalidate(tags: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** How a variant asks MySQL, where that is what it is about. */
export interface VariantMysql {
  query(sql: string, values: (string | number)[]): Promise<object[]>;
  writes: Pick<MonitoredStore, 'publish' | 'revise' | 'countRead'>;
  close(): Promise<void>;
}

function plainMysql(mysqlUrl: string, cache: VariantCache): VariantMysql {
  const pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });
  return {
    query: async (sql, values) => (await pool.execute<RowDataPacket[]>(sql, values))[0],
    writes: createWrites(pool, cache),
    close: async () => await pool.end(),
  };
}

const searchSql = `SELECT * FROM articles WHERE Sentence LIKE ? ESCAPE '!'
  ORDER BY PublishedDate DESC, OBJECTID LIMIT ?`;

/** The store of the labs from 05 on, over any cache: so that a variant is about caching and nothing else. */
export function storeOver(
  mysqlUrl: string,
  cache: VariantCache,
  mysql = plainMysql(mysqlUrl, cache),
): MonitoredStore {
  const query = async (sql: string, values: (string | number)[]) =>
    (await mysql.query(sql, values)).map((row): Record<string, unknown> => ({ ...row }));

  return {
    async search(term, limit) {
      const values = searchValues(term, limit);
      const load = async () => (await query(searchSql, values)) as unknown as ArticleRow[];
      return await cache.getOrLoad(`v:search:${limit}:${term}`, ['lists'], load);
    },

    async byId(id) {
      const found = await cache.getOrLoad(`v:id:${id}`, [`article:${id}`], async () => {
        const sql = 'SELECT * FROM articles NATURAL JOIN article_reads WHERE OBJECTID = ?';
        const [row] = await query(sql, [id]);
        return row ? ({ ...row, Readers: BigInt(String(row['Readers'])) } as Article) : null;
      });
      return found ?? undefined;
    },

    async readers(id) {
      const found = await cache.getOrLoad(`v:readers:${id}`, [`article:${id}`], async () => {
        const [row] = await query('SELECT Readers, LastReadAt FROM article_reads WHERE OBJECTID = ?', [id]);
        return row ? ({ ...row, Readers: BigInt(String(row['Readers'])) } as Readers) : null;
      });
      return found ?? undefined;
    },

    async explainSearch(term, limit) {
      const [plan] = await query(`EXPLAIN ${searchSql}`, searchValues(term, limit));
      return {
        access: String(plan?.['type']),
        key: (plan?.['key'] as string | null | undefined) ?? null,
        rows: Number(plan?.['rows']),
      };
    },

    ...mysql.writes,

    // What lab 05 asks for is not what these variants are about.
    async metrics() {
      return '';
    },

    async alarms() {
      return [];
    },

    async close() {
      await cache.close();
      await mysql.close();
    },
  };
}

function searchValues(term: string, limit: number): [string, number] {
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new RangeError(`limit ${limit}`);
  return [`%${term.replace(/[!%_]/g, '!$&')}%`, limit];
}
