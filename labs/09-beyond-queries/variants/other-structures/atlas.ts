import type { Redis } from 'ioredis';
import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { SiteStore } from '../../../contract-site.ts';

const day = 86_400;

/** GEO holds the ids, a hash what they stand for. MySQL's own lock has one process load: it is free when that one ends. */
export function createAtlas(redis: Redis, pool: Pool): Pick<SiteStore, 'citiesNear'> {
  async function load(): Promise<void> {
    const connection = await pool.getConnection();
    try {
      await connection.query("SELECT GET_LOCK(CONCAT(DATABASE(), '/cities'), 30)");
      if (await redis.exists('atlas/geo')) return;
      const [rows] = await connection.query<RowDataPacket[]>('SELECT * FROM cities ORDER BY id');
      const places = rows.flatMap(({ id, latitude, longitude }) => [longitude, latitude, id] as number[]);
      const names = rows.map(({ id, name, country }) => [id, `${country}${name}`] as [number, string]);
      const replies = await redis
        .multi()
        .geoadd('atlas/geo', ...places)
        .expire('atlas/geo', day)
        .hset('atlas/names', new Map(names))
        .expire('atlas/names', day + 60)
        .exec();
      for (const [error] of replies ?? []) if (error) throw error;
    } finally {
      await connection.query("DO RELEASE_LOCK(CONCAT(DATABASE(), '/cities'))");
      connection.release();
    }
  }

  return {
    async citiesNear(latitude, longitude, km, limit) {
      if (!(km > 0) || km > 1_000) throw new RangeError('km');
      if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new RangeError('limit');
      if (!(await redis.exists('atlas/geo'))) await load();
      const found = (await redis.georadius_ro(
        'atlas/geo',
        longitude,
        latitude,
        km * 1_000,
        'M',
        'WITHDIST',
        'COUNT',
        limit,
        'ASC',
      )) as [id: string, metres: string][];
      if (found.length === 0) return [];
      const names = await redis.hmget('atlas/names', ...found.map(([id]) => id));
      return found.map(([id, metres], at) => ({
        id: Number(id),
        name: names[at]?.slice(2) ?? '',
        country: names[at]?.slice(0, 2) ?? '',
        km: Number(metres) / 1_000,
      }));
    },
  };
}
