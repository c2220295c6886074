import { createTestDatabase } from '@workshop/engines/test-space';
import type { Pool, PoolOptions, RowDataPacket } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';
import { inject, onTestFinished } from 'vitest';
import type { Cache } from '../../src/index.ts';

export interface Article extends RowDataPacket {
  id: number;
  title: string;
}

export const TTL = { ttlMs: 60_000 };
export const OLD = 'the Po delta';
export const NEW = 'the Danube delta';
export const UPDATE = `UPDATE articles SET title = '${NEW}' WHERE id = 1`;

/** The title as the database has it. */
export const select = async (pool: Pool): Promise<string | undefined> => {
  const [rows] = await pool.query<Article[]>('SELECT id, title FROM articles WHERE id = 1');
  return rows[0]?.title;
};

/** Reads the title through a cache, as every reader here does. */
export const readThrough = (cache: Cache, pool: Pool) =>
  cache.getOrLoad('article:1', () => select(pool), { ...TTL, tags: ['articles'] });

/** An empty database with a small table `articles`, gone with the test. */
export async function makeArticles(): Promise<{ url: string; pool: Pool }> {
  const database = await createTestDatabase(inject('mysqlUrl'));
  onTestFinished(() => database.drop());
  const pool = connectPool(database.url);
  await pool.query(`CREATE TABLE articles (
    id INT PRIMARY KEY, title VARCHAR(200) NOT NULL, edited DATETIME(3) NOT NULL, cover BLOB
  ) ENGINE = InnoDB`);
  await pool.query(`INSERT INTO articles VALUES
    (1, '${OLD}', '2024-02-29 23:59:59.999', x'00ff'), (2, 'the Nile delta', '2024-03-01', NULL)`);
  return { url: database.url, pool };
}

/** A pool that ends with the test. */
export function connectPool(uri: string, options: PoolOptions = {}): Pool {
  const pool = createPool({ uri, connectionLimit: 4, ...options });
  onTestFinished(() => pool.end());
  return pool;
}
