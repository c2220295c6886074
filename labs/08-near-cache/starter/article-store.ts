import type { ArticleRow } from '@workshop/dataset';
import type { Article, MonitoredStore, Readers, StoreOptions } from '../../contract.ts';
import { createCache } from './cache.ts';
import { asText } from './form.ts';
import { createMonitor } from './monitor.ts';
import { createMysql } from './mysql.ts';
import { asHash } from './record.ts';
import { articleTag, createWrites, listsTag } from './writes.ts';

const mostRows = 500;

// No index can help `LIKE '%...%'`: MySQL reads every row, sorts what matches, and keeps the first few.
// ORDER BY and LIMIT stand in the SQL, so that only those few cross the network.
const searchSql = `SELECT * FROM articles WHERE Sentence LIKE ?
  ORDER BY PublishedDate DESC, OBJECTID LIMIT ?`;

const byIdSql = `SELECT a.*, r.Readers, r.LastReadAt
  FROM articles a JOIN article_reads r ON r.OBJECTID = a.OBJECTID
  WHERE a.OBJECTID = ?`;

const readersSql = 'SELECT Readers, LastReadAt FROM article_reads WHERE OBJECTID = ?';

const rows = asText<ArticleRow[]>();
const article = asText<Article | null>();
const readers = asHash<Readers>({
  Readers: { write: String, read: BigInt },
  LastReadAt: { write: (date) => date.toISOString(), read: (text) => new Date(text) },
});

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const mysql = createMysql(mysqlUrl);
  const monitor = createMonitor();
  const cache = createCache(redisUrl, monitor.watch);

  return {
    async search(term, limit) {
      const params = searchParams(term, limit);
      // Everything that changes the answer is in the key. The number comes first: it has no colon in it, so no term
      // can make two keys alike.
      const place = {
        operation: 'search',
        key: `articles:search:${limit}:${term}`,
        form: rows,
        tags: [listsTag],
      } as const;
      return await cache.getOrLoad(place, async () => {
        return (await mysql.query(searchSql, params)) as ArticleRow[];
      });
    },

    async byId(id) {
      // "There is no such article" is an answer too, and is cached as null.
      const place = {
        operation: 'byId',
        key: `articles:id:${id}`,
        form: article,
        tags: [articleTag(id)],
      } as const;
      const found = await cache.getOrLoad(place, async () => {
        const [row] = await mysql.query(byIdSql, [id]);
        return row ? ({ ...row, Readers: BigInt(row['Readers']) } as Article) : null;
      });
      return found ?? undefined;
    },

    async readers(id) {
      const place = {
        operation: 'readers',
        key: `articles:readers:${id}`,
        form: readers,
        tags: [articleTag(id)],
      } as const;
      const found = await cache.getOrLoad(place, async () => {
        const [row] = await mysql.query(readersSql, [id]);
        return row ? { Readers: BigInt(row['Readers']), LastReadAt: row['LastReadAt'] as Date } : null;
      });
      return found ?? undefined;
    },

    ...createWrites(mysql.lend, cache),

    async metrics() {
      return await monitor.metrics(cache.info);
    },

    async alarms() {
      return await monitor.alarms(cache.info);
    },

    async explainSearch(term, limit) {
      const [plan] = await mysql.query(`EXPLAIN ${searchSql}`, searchParams(term, limit));
      if (!plan) throw new Error('EXPLAIN returned no row');
      return { access: plan['type'], key: plan['key'], rows: Number(plan['rows']) };
    },

    async close() {
      cache.close();
      await mysql.close();
    },
  };
}

/** The statement never changes; what the visitor typed travels apart from it and can't become SQL. */
function searchParams(term: string, limit: number): [like: string, limit: number] {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostRows) {
    throw new RangeError(`limit: a whole number from 1 to ${mostRows} wanted, got ${limit}`);
  }
  // A placeholder does not take the meaning out of % and _: LIKE reads the value after SQL has been parsed.
  const literal = term.replace(/[\\%_]/g, String.raw`\$&`);
  return [`%${literal}%`, limit];
}
