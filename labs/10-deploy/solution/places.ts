import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { NearCity, SiteStore } from '../../contract-site.ts';

const key = 'places';
const lockKey = 'places:loading';
const lifeSeconds = 24 * 3_600;
/** A process that ends while it loads keeps the others waiting for so long. */
const lockMs = 10_000;
/** Cities a command: Redis answers nobody else while it runs one. */
const portion = 1_000;
const mostKm = 1_000;
const mostRows = 100;

/** Only the holder lets go: after `lockMs` the lock may be another's. */
const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

export function createPlaces(redis: Redis, pool: Pool): Pick<SiteStore, 'citiesNear'> {
  /** Fills a key aside and renames it: the list is there whole, or not at all. */
  async function load(token: string): Promise<void> {
    const [rows] = await pool.query<RowDataPacket[]>(
      'SELECT id, name, country, latitude, longitude FROM cities',
    );
    const aside = `${key}:${token}`;
    for (let at = 0; at < rows.length; at += portion) {
      // GEO takes the longitude first. The id in the member keeps two cities of one name apart.
      const members = rows
        .slice(at, at + portion)
        .flatMap(({ id, name, country, latitude, longitude }) => [
          longitude as number,
          latitude as number,
          JSON.stringify([id, name, country]),
        ]);
      await done(
        redis
          .multi()
          .geoadd(aside, ...members)
          .expire(aside, 60),
      );
    }
    await done(redis.multi().expire(aside, lifeSeconds).rename(aside, key));
  }

  /** Loads, unless another process is at it: then it waits a while. */
  async function loadOrWait(pauseMs: number): Promise<void> {
    const token = randomUUID();
    if (await redis.set(lockKey, token, 'PX', lockMs, 'NX')) {
      try {
        // Between the look and the lock another may have loaded, and let go.
        if ((await redis.exists(key)) === 0) await load(token);
      } finally {
        await redis.eval(releaseScript, 1, lockKey, token);
      }
    } else {
      await setTimeout(pauseMs);
    }
  }

  return {
    async citiesNear(latitude, longitude, km, limit) {
      if (!(km > 0 && km <= mostKm)) {
        throw new RangeError(`km: more than 0, ${mostKm} at most wanted, got ${km}`);
      }
      if (!Number.isInteger(limit) || limit < 1 || limit > mostRows) {
        throw new RangeError(`limit: a whole number from 1 to ${mostRows} wanted, got ${limit}`);
      }
      for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
        // Together, as the list may expire between the two: then an empty answer would mean "no city is near".
        const [present, found] = await done(
          redis
            .multi()
            .exists(key)
            .geosearch(
              key,
              'FROMLONLAT',
              longitude,
              latitude,
              'BYRADIUS',
              km,
              'KM',
              'ASC',
              'COUNT',
              limit,
              'WITHDIST',
            ),
        );
        if (present === 1) return (found as [member: string, km: string][]).map(toCity);
        await loadOrWait(pauseMs);
      }
    },
  };
}

function toCity([member, km]: [member: string, km: string]): NearCity {
  const [id, name, country] = JSON.parse(member) as [number, string, string];
  return { id, name, country, km: Number(km) };
}

/** EXEC answers with an error or a result for each command, and does not reject for an error among them. */
async function done(transaction: ReturnType<Redis['multi']>): Promise<unknown[]> {
  const replies = (await transaction.exec()) ?? [];
  const failed = replies.find(([error]) => error)?.[0];
  if (failed) throw failed;
  return replies.map(([, result]) => result);
}
