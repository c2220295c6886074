import { createCache } from '@workshop/cache';
import type { RowDataPacket } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';

export async function example({ redis, mysql, prefix }: { redis: string; mysql: string; prefix: string }) {
  const db = createPool(mysql);
  // Two caches are as good as two processes: they have nothing in common but Redis.
  const caches = [createCache({ redis, prefix }), createCache({ redis, prefix })];

  let queries = 0;
  const loadVersion = async (): Promise<number> => {
    queries += 1;
    const [[row]] = await db.query<RowDataPacket[]>('SELECT 7 AS version');
    return row?.['version'];
  };
  const reads = caches.flatMap((cache) =>
    Array.from({ length: 100 }, () => cache.getOrLoad('version', loadVersion, { ttlMs: 60_000 })),
  );
  const answers = await Promise.all(reads);

  await Promise.all(caches.map((cache) => cache.close()));
  await db.end();
  return { readers: answers.length, queries, different: [...new Set(answers)] };
}
