import { createCache } from '@workshop/cache';
import { cachedQuery, queryKey } from '@workshop/cache/mysql';
import { createPool } from 'mysql2/promise';

export async function example({ redis, mysql, prefix }: Record<'redis' | 'mysql' | 'prefix', string>) {
  const cache = createCache({ redis, prefix });
  const pool = createPool(mysql);
  await pool.query('CREATE TABLE cities (name VARCHAR(50), people INT)');
  await pool.query("INSERT INTO cities VALUES ('Hanoi', 8054000), ('Hue', 652000)");

  const above = (people: number) => ({ sql: 'SELECT name FROM cities WHERE people > ?', values: [people] });
  const read = (people: number) =>
    cachedQuery<{ name: string }[]>(cache, pool, above(people), { ttlMs: 60_000 });

  const names = await read(1_000_000); // a miss: MySQL is asked
  await read(1_000_000); // a hit
  await read(100_000); // another value, another entry
  await cache.invalidate(queryKey(pool, above(1_000_000)));

  const { hits, loads } = cache.stats();
  await Promise.all([cache.close(), pool.end()]);
  return { names, hits, loads };
}
