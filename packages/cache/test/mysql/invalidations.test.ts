import { describe, expect, it, onTestFinished } from 'vitest';
import { Invalidations } from '../../src/mysql/index.ts';
import { makeCache } from '../support.ts';
import { makeArticles, NEW, readThrough, UPDATE } from './support.ts';

describe('Invalidations', () => {
  it('serves those who begin and commit by themselves', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    await readThrough(cache, pool);
    const connection = await pool.getConnection();
    onTestFinished(() => connection.release());
    const dropped = new Invalidations(cache);
    dropped.key('article:1');
    await connection.beginTransaction();
    await connection.query(UPDATE);
    await connection.rollback();
    dropped.drop();
    expect(dropped.size).toBe(0);
    expect(await dropped.apply()).toBe(true);
    expect(cache.stats().invalidations).toBe(0);

    const applied = new Invalidations(cache);
    applied.tags(['articles']);
    await connection.beginTransaction();
    await connection.query(UPDATE);
    await connection.commit();
    expect(await applied.apply()).toBe(true);
    expect(await readThrough(cache, pool)).toBe(NEW);
  });
});
