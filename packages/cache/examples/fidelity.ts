import { isDeepStrictEqual } from 'node:util';
import { createCache } from '@workshop/cache';
import type { RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';

export async function example({ redis, mysql, prefix }: Record<'redis' | 'mysql' | 'prefix', string>) {
  const cache = createCache({ redis, prefix });
  const database = await createConnection({ uri: mysql, supportBigNumbers: true });
  const sql = `SELECT TIMESTAMP '2024-02-29 12:00:00' AS edited, x'00ff' AS cover,
    9007199254740993 AS views, 12.50 AS price, ST_GeomFromText('POINT(1 2)') AS place, NULL AS deleted`;
  const load = async () => {
    const [rows] = await database.query<RowDataPacket[]>(sql);
    return { rows, seen: new Map([[new Date(0), new Set([1n, undefined, Number.NaN, -0])]]) };
  };

  const missed = await cache.getOrLoad('row', load, { ttlMs: 60_000 });
  const hit = await cache.getOrLoad('row', load, { ttlMs: 60_000 });

  const types = Object.entries(hit.rows[0] ?? {}).map(([name, value]) => [
    name,
    value?.constructor.name ?? null,
  ]);
  const { hits } = cache.stats();
  await Promise.all([cache.close(), database.end()]);
  return { hits, isSame: isDeepStrictEqual(hit, missed), types: Object.fromEntries(types) };
}
