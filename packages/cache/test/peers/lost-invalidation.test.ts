import { createTestDatabase } from '@workshop/engines/test-space';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { expect, inject, onTestFinished, test } from 'vitest';
import { gate, makeCache } from '../support.ts';

// In bentocache, async-cache-dedupe, cachified, cacheable and cache-manager, a load that began before an invalidation stores what it
// read before the change, and that is served until its TTL is up.

const options = { ttlMs: 60_000 };

for (const who of ['the same process', 'another process'] as const) {
  test(`a load that an invalidation by ${who} overtook stores nothing`, async () => {
    const { cache, prefix, redis } = makeCache();
    const invalidating = who === 'the same process' ? cache : makeCache({ prefix }).cache;
    const article = await articleInMysql();
    const [hasRead, mayEnd] = [gate<void>(), gate<void>()];

    const reading = cache.getOrLoad(
      'article',
      async () => {
        const row = await article.read();
        hasRead.open();
        await mayEnd.promise;
        return row;
      },
      options,
    );
    await hasRead.promise;
    await article.rename('new');
    expect(await invalidating.invalidate('article')).toBe(true);
    mayEnd.open();

    // This one asked before the change, so the old value is right for it.
    expect(await reading).toEqual({ title: 'old' });
    expect(await redis.exists(`${prefix}:article`)).toBe(0);
    expect(await cache.getOrLoad('article', article.read, options)).toEqual({ title: 'new' });
    expect(await invalidating.getOrLoad('article', article.read, options)).toEqual({ title: 'new' });
    expect(cache.stats().voidedLoads).toBe(1);
  });
}

test('readers who come after the invalidation do not get the value of the load it overtook', async () => {
  const { cache } = makeCache();
  const [hasBegun, old] = [gate<void>(), gate<string>()];
  const before = cache.getOrLoad(
    'article',
    () => {
      hasBegun.open();
      return old.promise;
    },
    options,
  );
  await hasBegun.promise;
  await cache.invalidate('article');
  const after = cache.getOrLoad('article', async () => 'new', options);
  expect(await after).toBe('new');
  old.open('old');
  expect(await before).toBe('old');
  expect(await cache.getOrLoad('article', async () => 'loaded again', options)).toBe('new');
});

async function articleInMysql() {
  const database = await createTestDatabase(inject('mysqlUrl'));
  const connection = await createConnection(database.url);
  onTestFinished(async () => {
    await connection.end();
    await database.drop();
  });
  await connection.query('CREATE TABLE articles (title TEXT)');
  await connection.query("INSERT INTO articles VALUES ('old')");
  return {
    read: async () => {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT title FROM articles');
      return rows[0];
    },
    rename: async (title: string) => {
      await connection.query<ResultSetHeader>('UPDATE articles SET title = ?', [title]);
    },
  };
}
