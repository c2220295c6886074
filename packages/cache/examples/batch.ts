import { cacheKey, createCache } from '@workshop/cache';
import type { RowDataPacket } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';

export async function example({ redis, mysql, prefix }: { redis: string; mysql: string; prefix: string }) {
  const db = createPool(mysql);
  await db.query('CREATE TABLE article (id INT PRIMARY KEY, title TEXT)');
  await db.query(`INSERT INTO article VALUES (1, 'The Po delta'), (2, 'Salt'), (3, 'Tides')`);
  const cache = createCache({ redis, prefix });

  const queries: number[][] = [];
  const loadTitles = async (ids: number[]): Promise<Map<number, string>> => {
    queries.push(ids);
    const [rows] = await db.query<RowDataPacket[]>('SELECT id, title FROM article WHERE id IN (?)', [ids]);
    return new Map(rows.map((row) => [row['id'], row['title']]));
  };
  const key = (id: number) => cacheKey(['title', id]);
  const findTitles = (ids: number[]) =>
    cache.getOrLoadMany(ids, loadTitles, { key, ttlMs: 60_000, absentTtlMs: 5_000 });

  await findTitles([1, 2]);
  const titles = await findTitles([3, 99, 2]); // asks MySQL for 3 and 99
  await findTitles([99, 3]); // knows that there is no 99
  await cache.close();
  await db.end();
  return { titles: [...titles], queries };
}
