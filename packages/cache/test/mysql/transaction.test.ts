import { createMysqlTap } from '@workshop/wiretap';
import type { MysqlTap } from '@workshop/wiretap';
import type { Pool } from 'mysql2/promise';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  cachedQuery,
  CommitUnknownError,
  inTransaction,
  TransactionEndedError,
} from '../../src/mysql/index.ts';
import type { Invalidations } from '../../src/mysql/index.ts';
import { gate, makeCache, makeTappedCache } from '../support.ts';
import { connectPool, makeArticles, NEW, OLD, readThrough, select, TTL, UPDATE } from './support.ts';

async function makeTappedPool(): Promise<{ pool: Pool; tapped: Pool; tap: MysqlTap }> {
  const { url, pool } = await makeArticles();
  const { hostname, port } = new URL(url);
  const tap = await createMysqlTap({ upstream: { host: hostname, port: Number(port) } });
  onTestFinished(() => tap.close());
  return { pool, tap, tapped: connectPool(tap.url(url), { connectionLimit: 1 }) };
}

/** A pool of one connection answers only when it got that one back, or a new one in its place. */
const expectUsable = async (pool: Pool) => {
  expect(await pool.query('SELECT 1 AS one')).toMatchObject([[{ one: 1 }], {}]);
};

describe('inTransaction', () => {
  it('invalidates after COMMIT: a reader between UPDATE and COMMIT does no harm', async () => {
    const { pool } = await makeArticles();
    const { cache, prefix } = makeCache();
    const other = makeCache({ prefix }).cache;
    const result = await inTransaction(pool, cache, async (connection, invalidations) => {
      await connection.query(UPDATE);
      invalidations.key('article:1');
      expect(await readThrough(cache, pool)).toBe(OLD);
      expect(await readThrough(other, pool)).toBe(OLD);
      return 'done';
    });
    expect(result).toEqual({ value: 'done', confirmed: true });
    expect(await readThrough(cache, pool)).toBe(NEW);
    expect(await readThrough(other, pool)).toBe(NEW);
  });

  it('voids a load of another process that read before COMMIT and ends after it', async () => {
    const { pool } = await makeArticles();
    const { cache, prefix } = makeCache();
    const other = makeCache({ prefix }).cache;
    const hasRead = gate<undefined>();
    const mayEnd = gate<undefined>();
    const slow = other.getOrLoad(
      'article:1',
      async () => {
        const title = await select(pool);
        hasRead.open(undefined);
        await mayEnd.promise;
        return title;
      },
      TTL,
    );
    await inTransaction(pool, cache, async (connection, invalidations) => {
      await connection.query(UPDATE);
      invalidations.key('article:1');
      await hasRead.promise;
    });
    mayEnd.open(undefined);
    expect(await slow).toBe(OLD);
    expect(await readThrough(other, pool)).toBe(NEW);
    expect(await readThrough(cache, pool)).toBe(NEW);
  });

  it('invalidates tags, other caches and namespaces', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const second = makeCache().cache;
    const titles = second.namespace<string, number>('title', TTL);
    await cache.set('listed', 'old', { ...TTL, tags: ['articles'] });
    await second.set('article:1', 'old', TTL);
    await titles.set(1, 'old');
    await titles.set(2, 'kept');
    await inTransaction(pool, cache, (_, invalidations) => {
      invalidations.tags(['articles', 'authors']);
      invalidations.in(second).key('article:1');
      invalidations.in(titles).key(1);
      expect(invalidations.size).toBe(4);
    });
    expect(await cache.get('listed')).toHaveProperty('outcome', 'miss');
    expect(await second.get('article:1')).toHaveProperty('outcome', 'miss');
    expect(await titles.get(1)).toHaveProperty('outcome', 'miss');
    expect(await titles.get(2)).toHaveProperty('value', 'kept');
  });

  it('rolls back and drops what is queued when the work throws, and gives the connection back', async () => {
    const { url, pool } = await makeArticles();
    const { cache } = makeCache();
    await readThrough(cache, pool);
    const one = connectPool(url, { connectionLimit: 1 });
    const failure = new Error('changed my mind');
    const ended = inTransaction(one, cache, async (connection, invalidations) => {
      await connection.query(UPDATE);
      invalidations.key('article:1');
      throw failure;
    });
    await expect(ended).rejects.toBe(failure);
    await expectUsable(one);
    expect(await select(pool)).toBe(OLD);
    expect(cache.stats().invalidations).toBe(0);
  });

  it('does not make an error of an invalidation that Redis did not confirm', async () => {
    const { pool } = await makeArticles();
    const { cache, tap } = await makeTappedCache({ timeoutMs: 50 });
    await readThrough(cache, pool);
    const outage = tap.weather.refuse();
    const result = await inTransaction(pool, cache, async (connection, invalidations) => {
      await connection.query(UPDATE);
      invalidations.key('article:1');
    });
    expect(result.confirmed).toBe(false);
    expect(cache.stats().owedInvalidations).toBe(1);
    expect(await readThrough(cache, pool)).toBe(NEW);
    outage.stop();
    await vi.waitFor(() => expect(cache.stats().owedInvalidations).toBe(0), 20_000);
  });

  it('says so when a cache was closed meanwhile, and does not fail', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const warned = new Promise((resolve) => process.once('warning', resolve));
    const result = await inTransaction(pool, cache, async (_, invalidations) => {
      invalidations.key('article:1');
      await cache.close();
    });
    expect(result.confirmed).toBe(false);
    expect(await warned).toHaveProperty('name', 'CacheClosedError');
  });

  it.each(['request', 'reply'] as const)(
    'invalidates when the connection is lost at the %s of COMMIT, and says that the outcome is unknown',
    async (at) => {
      const { pool, tapped, tap } = await makeTappedPool();
      const { cache } = makeCache();
      await readThrough(cache, pool);
      const held = tap.weather.hold(({ sql }) => sql === 'COMMIT', { at });
      const ended = inTransaction(tapped, cache, async (connection, invalidations) => {
        await connection.query(UPDATE);
        invalidations.key('article:1');
      });
      const outcome = expect(ended).rejects.toThrow(CommitUnknownError);
      await held.arrived;
      tap.weather.refuse();
      await outcome;
      await expect(ended).rejects.toMatchObject({ confirmed: true, cause: { fatal: true } });
      expect(await cache.get('article:1')).toMatchObject({ outcome: 'miss', reason: 'absent' });
      tap.weather.clear();
      await expectUsable(tapped);
      expect(await readThrough(cache, pool)).toBe(at === 'reply' ? NEW : OLD);
    },
  );

  it.each([
    {
      error: { code: 1213, sqlState: '40001', message: 'Deadlock found' },
      thrown: { code: 'ER_LOCK_DEADLOCK' },
    },
    {
      error: { code: 1180, sqlState: 'HY000', message: 'Got error 5 during COMMIT' },
      thrown: { confirmed: true },
    },
  ])(
    'invalidates when COMMIT is answered by $error.message, and throws $thrown',
    async ({ error, thrown }) => {
      const { pool, tapped, tap } = await makeTappedPool();
      const { cache } = makeCache();
      await readThrough(cache, pool);
      const spell = tap.weather.fail(({ sql }) => sql === 'COMMIT', error);
      const ended = inTransaction(tapped, cache, async (connection, invalidations) => {
        await connection.query(UPDATE);
        invalidations.key('article:1');
      });
      await expect(ended).rejects.toMatchObject(thrown);
      expect(await cache.get('article:1')).toHaveProperty('outcome', 'miss');
      spell.stop();
      await expectUsable(tapped);
    },
  );

  it('survives that its connection is killed: the error is thrown, another connection takes its place', async () => {
    const { url, pool } = await makeArticles();
    const { cache } = makeCache();
    const one = connectPool(url, { connectionLimit: 1 });
    const ended = inTransaction(one, cache, async (connection, invalidations) => {
      await connection.query(UPDATE);
      invalidations.key('article:1');
      await pool.query(`KILL ${connection.threadId}`);
      await connection.query('SELECT 1');
    });
    await expect(ended).rejects.toThrow();
    await expectUsable(one);
    expect(await select(pool)).toBe(OLD);
  });

  it('invalidates when ROLLBACK came too late, because a statement had committed by itself', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    await readThrough(cache, pool);
    const ended = inTransaction(pool, cache, async (connection, invalidations) => {
      await connection.query(UPDATE);
      invalidations.key('article:1');
      await connection.query('CREATE TABLE another (id INT)');
      throw new Error('too late');
    });
    await expect(ended).rejects.toThrow('too late');
    expect(await readThrough(cache, pool)).toBe(NEW);
  });

  it('destroys the connection when ROLLBACK fails, and throws what the work threw', async () => {
    const { tapped, tap } = await makeTappedPool();
    const { cache } = makeCache();
    const spell = tap.weather.fail(({ sql }) => sql === 'ROLLBACK', { code: 1105, message: 'no' });
    const ended = inTransaction(tapped, cache, async (connection) => {
      await connection.query(UPDATE);
      throw new Error('changed my mind');
    });
    await expect(ended).rejects.toThrow('changed my mind');
    spell.stop();
    await vi.waitFor(() => expect(tap.openConnections).toBe(0), 20_000);
    await expectUsable(tapped);
  });

  it("throws the database's error when it cannot begin, and does not run the work", async () => {
    const { tapped, tap } = await makeTappedPool();
    const { cache } = makeCache();
    const work = vi.fn<() => void>();
    const spell = tap.weather.fail(({ sql }) => sql === 'START TRANSACTION', { code: 1290, message: 'no' });
    await expect(inTransaction(tapped, cache, work)).rejects.toHaveProperty('errno', 1290);
    spell.stop();
    const outage = tap.weather.refuse();
    await expect(inTransaction(tapped, cache, work)).rejects.toThrow();
    outage.stop();
    expect(work).not.toHaveBeenCalled();
    await expectUsable(tapped);
  });

  it('does not let a query be cached on its connection', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    await inTransaction(pool, cache, async (connection) => {
      const read = cachedQuery(cache, connection, { sql: 'SELECT 1' }, TTL);
      await expect(read).rejects.toMatchObject({ name: 'CacheOptionError', option: 'source' });
    });
  });

  it('refuses what is queued after its end', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const { value } = await inTransaction(pool, cache, (_, invalidations) => invalidations);
    expect(() => value.key('article:1')).toThrow(TransactionEndedError);
    expect(() => value.tags(['articles'])).toThrow(TransactionEndedError);
  });

  it.each([
    ['key', (invalidations: Invalidations) => invalidations.key('')],
    ['key', (invalidations: Invalidations) => invalidations.key(undefined as never)],
    ['tags', (invalidations: Invalidations) => invalidations.tags('articles' as never)],
    ['tags', (invalidations: Invalidations) => invalidations.tags([''])],
  ])('names %s when it cannot be queued, and rolls back', async (option, queue) => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const ended = inTransaction(pool, cache, async (connection, invalidations) => {
      await connection.query(UPDATE);
      queue(invalidations);
    });
    await expect(ended).rejects.toMatchObject({ name: 'CacheOptionError', option });
    expect(await select(pool)).toBe(OLD);
  });
});
