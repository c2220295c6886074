import type { Redis } from 'ioredis';
import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { NearCity, SiteStore } from '../../contract-site.ts';

const key = 'places';

export function createPlaces(redis: Redis, pool: Pool): Pick<SiteStore, 'citiesNear'> {
  // GAP 4: who else loads at the same time, who sees a part of the list, and for how long is it kept?
  async function load(): Promise<void> {
    const [rows] = await pool.query<RowDataPacket[]>(
      'SELECT id, name, country, latitude, longitude FROM cities',
    );
    for (const { id, name, country, latitude, longitude } of rows) {
      // The id in the member keeps two cities of one name apart.
      const member = JSON.stringify([id, name, country]);
      await redis.geoadd(key, latitude as number, longitude as number, member);
    }
  }

  return {
    // GAP 4: a radius of the whole earth, or a limit of 0, is for a RangeError.
    async citiesNear(latitude, longitude, km, limit) {
      if ((await redis.exists(key)) === 0) await load();
      const found = (await redis.geosearch(
        key,
        'FROMLONLAT',
        latitude,
        longitude,
        'BYRADIUS',
        km,
        'KM',
        'COUNT',
        limit,
        'WITHDIST',
      )) as [member: string, km: string][];
      return found.map(toCity);
    },
  };
}

function toCity([member, km]: [member: string, km: string]): NearCity {
  const [id, name, country] = JSON.parse(member) as [number, string, string];
  return { id, name, country, km: Number(km) };
}
