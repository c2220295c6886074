import { createCache } from '@workshop/cache';
import { Redis } from 'ioredis';
import type { RowDataPacket } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';

export async function example({ redis, mysql, prefix }: { redis: string; mysql: string; prefix: string }) {
  const db = createPool(mysql);
  await db.query(`CREATE TABLE article SELECT 1 AS id, 'Draft' AS title`);
  const readTitle = async (): Promise<string> => {
    const [[row]] = await db.query<RowDataPacket[]>('SELECT title FROM article');
    return row?.['title'];
  };
  const [web, admin] = [createCache({ redis, prefix }), createCache({ redis, prefix })];

  const loadSlowly = async () => {
    const title = await readTitle();
    await db.query(`UPDATE article SET title = 'Final'`); // another process, while this load runs
    await admin.invalidate('title');
    return title;
  };
  const overtaken = await web.getOrLoadWithOutcome('title', loadSlowly, { ttlMs: 60_000 });
  const later = await web.getOrLoad('title', readTitle, { ttlMs: 60_000 });

  const client = new Redis(redis);
  const inRedis = await client.get(`${prefix}:title`);
  await Promise.all([web.close(), admin.close(), client.quit(), db.end()]);
  return { given: overtaken.value, storing: 'storing' in overtaken && overtaken.storing, later, inRedis };
}
