import { cacheKey, createCache } from '@workshop/cache';
import type { RowDataPacket } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';

export async function example({ redis, mysql, prefix }: { redis: string; mysql: string; prefix: string }) {
  const db = createPool(mysql);
  await db.query(`CREATE TABLE article SELECT 1 AS id, 'The Po delta' AS title`);
  const cache = createCache({ redis, prefix });

  const loadTitle = async (id: number): Promise<string | null> => {
    const [[row]] = await db.query<RowDataPacket[]>('SELECT title FROM article WHERE id = ?', [id]);
    return row?.['title'] ?? null; // that there is no such article is worth knowing too
  };
  const options = { ttlMs: 60_000, absentTtlMs: 5_000 };
  const findTitle = (id: number) =>
    cache.getOrLoadWithOutcome(cacheKey(['title', id]), () => loadTitle(id), options);

  const answers = [await findTitle(1), await findTitle(1), await findTitle(2), await findTitle(2)];
  await cache.close();
  await db.end();
  return answers.map(({ outcome, value }) => `${outcome}: ${value}`);
}
