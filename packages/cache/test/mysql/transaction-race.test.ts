import type { Pool, RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import type { Cache } from '../../src/index.ts';
import { inTransaction } from '../../src/mysql/index.ts';
import { makeCache } from '../support.ts';
import { connectPool, makeArticles } from './support.ts';

const TRANSACTIONS = 150;
const READERS = 6;

async function readVersion(cache: Cache, pool: Pool): Promise<number> {
  return cache.getOrLoad(
    'version',
    async () => {
      const [rows] = await pool.query<RowDataPacket[]>(
        'SELECT LENGTH(title) AS version FROM articles WHERE id = 1',
      );
      return Number(rows[0]?.['version']);
    },
    { ttlMs: 60_000 },
  );
}

describe('readers of two caches, while transactions commit and roll back', () => {
  it('never get a version from before a transaction that had returned', async () => {
    const { url, pool } = await makeArticles();
    const readPool = connectPool(url, { connectionLimit: READERS });
    const first = makeCache({ timeoutMs: 5_000 });
    const caches = [first.cache, makeCache({ prefix: first.prefix, timeoutMs: 5_000 }).cache] as const;
    await pool.query("UPDATE articles SET title = '' WHERE id = 1");
    let committed = 0;
    const over = new AbortController();
    let reads = 0;

    const read = async (cache: Cache) => {
      while (!over.signal.aborted) {
        const known = committed;
        expect(await readVersion(cache, readPool)).toBeGreaterThanOrEqual(known);
        reads++;
      }
    };
    const write = async () => {
      for (let number = 0; number < TRANSACTIONS; number++) {
        const isMeant = number % 3 !== 0;
        const ended = inTransaction(
          pool,
          caches[number % 2 === 0 ? 0 : 1],
          async (connection, invalidations) => {
            await connection.query("UPDATE articles SET title = CONCAT(title, 'x') WHERE id = 1");
            invalidations.key('version');
            if (!isMeant) throw new Error('not meant');
          },
        );
        if (isMeant) {
          expect(await ended).toMatchObject({ confirmed: true });
          committed++;
        } else {
          await expect(ended).rejects.toThrow('not meant');
        }
      }
    };
    const readers = Array.from({ length: READERS }, (_, index) => read(caches[index % 2 === 0 ? 0 : 1]));
    await write().finally(() => over.abort());
    await Promise.all(readers);
    expect(committed).toBe(TRANSACTIONS - TRANSACTIONS / 3);
    expect(reads).toBeGreaterThan(READERS);
    expect(await readVersion(caches[0], readPool)).toBe(committed);
  });
});
