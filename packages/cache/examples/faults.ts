import { cacheKey, createCache } from '@workshop/cache';
import type { RowDataPacket } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';

export async function example({ mysql, prefix }: { mysql: string; prefix: string }) {
  const db = createPool(mysql);
  const cache = createCache({
    redis: 'redis://127.0.0.1:1', // nobody listens there
    prefix,
    loads: { maxConcurrent: 4 },
  });

  let most = 0;
  const double = async (n: number): Promise<number> => {
    most = Math.max(most, cache.stats().runningLoads);
    const [[row]] = await db.query<RowDataPacket[]>('SELECT ? * 2 AS n', [n]);
    return Number(row?.['n']);
  };
  const read = (n: number) =>
    cache.getOrLoadWithOutcome(cacheKey(['double', n]), () => double(n), { ttlMs: 60_000 });

  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => read(n)));
  const last = answers.at(-1);
  const isConfirmed = await cache.invalidate(cacheKey(['double', 1]));
  const { bypasses, owedInvalidations } = cache.stats();
  await cache.close();
  await db.end();
  return { value: last?.value, outcome: last?.outcome, bypasses, most, isConfirmed, owedInvalidations };
}
