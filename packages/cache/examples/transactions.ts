import { createCache } from '@workshop/cache';
import { inTransaction } from '@workshop/cache/mysql';
import type { RowDataPacket } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';

export async function example({ redis, mysql, prefix }: Record<'redis' | 'mysql' | 'prefix', string>) {
  const cache = createCache({ redis, prefix });
  const pool = createPool(mysql);
  await pool.query("CREATE TABLE articles AS SELECT 1 AS id, 'The Po delta' AS title");
  const load = async () => (await pool.query<RowDataPacket[]>('SELECT title FROM articles'))[0][0]?.['title'];
  const read = () => cache.getOrLoad('article:1', load, { ttlMs: 60_000 });

  await read();
  const { value, confirmed } = await inTransaction(pool, cache, async (connection, invalidations) => {
    await connection.query("UPDATE articles SET title = 'The Nile'");
    invalidations.key('article:1'); // takes effect after COMMIT, never before; on ROLLBACK not at all
    return { meanwhile: await read() };
  });
  const after = await read();

  await Promise.all([cache.close(), pool.end()]);
  return { ...value, confirmed, after };
}
