import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { inSavepoint, inTransaction, SavepointLostError } from '../../src/mysql/index.ts';
import { makeCache } from '../support.ts';
import { makeArticles, NEW, select, TTL, UPDATE } from './support.ts';

describe('inSavepoint', () => {
  it('drops what was queued under it when it is rolled back to, and keeps the rest', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    for (const key of ['a', 'b', 'c', 'd']) await cache.set(key, key, { ...TTL, tags: [key] });
    await inTransaction(pool, cache, async (connection, invalidations) => {
      invalidations.key('a');
      await connection.query(UPDATE);
      const nested = inSavepoint(connection, invalidations, async () => {
        await connection.query('DELETE FROM articles');
        invalidations.key('b');
        await inSavepoint(connection, invalidations, () => invalidations.tags(['c']));
        throw new Error('not these');
      });
      await expect(nested).rejects.toThrow('not these');
      expect(await inSavepoint(connection, invalidations, () => invalidations.key('d'))).toBeUndefined();
    });
    const left = await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key)));
    expect(left.map(({ outcome }) => outcome)).toEqual(['miss', 'hit', 'hit', 'miss']);
    expect(await select(pool)).toBe(NEW);
  });

  it('says when the transaction around it is gone', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const ended = inTransaction(pool, cache, (connection, invalidations) =>
      inSavepoint(connection, invalidations, () => connection.query<RowDataPacket[]>('ROLLBACK')),
    );
    await expect(ended).rejects.toThrow(SavepointLostError);
  });
});
