import { createPool as createCallbackPool, raw, TypedParameter } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { CacheOptionError } from '../../src/index.ts';
import { cachedQuery, queryKey } from '../../src/mysql/index.ts';
import { makeCache } from '../support.ts';
import { expectSame } from '../value/same.ts';
import type { Article } from './support.ts';
import { connectPool, makeArticles } from './support.ts';

const TTL = { ttlMs: 60_000 };
const SQL = 'SELECT id, title FROM articles WHERE id = ?';

describe('cachedQuery', () => {
  it('asks the database once for one query, however it is laid out', async () => {
    const { pool } = await makeArticles();
    const { cache, redis, prefix } = makeCache();
    const rows = await cachedQuery<Article[]>(cache, pool, { sql: SQL, values: [1] }, TTL);
    expect(rows).toEqual([{ id: 1, title: 'the Po delta' }]);
    const laidOut = 'SELECT id,\n       title\n  FROM articles -- by key\n WHERE id = ?;';
    expectSame(await cachedQuery(cache, pool, { sql: laidOut, values: [1] }, TTL), rows);
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 1, loads: 1 });
    expect(await redis.keys(`${prefix}:sql:*`)).toEqual([
      expect.stringMatching(/:sql:select-articles:[\w-]{22}$/),
    ]);
  });

  it('gives on a hit what the query gave: Dates, Buffers and NULL', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const sql = 'SELECT * FROM articles ORDER BY id';
    for (const prepared of [false, true]) {
      const [fresh] = prepared ? await pool.execute(sql) : await pool.query(sql);
      expectSame(await cachedQuery(cache, pool, { sql, prepared }, TTL), fresh);
      expectSame(await cachedQuery(cache, pool, { sql, prepared }, TTL), fresh);
    }
    expect(cache.stats()).toMatchObject({ hits: 2, loads: 2 });
  });

  it('takes the placeholders and options of mysql2', async () => {
    const { url, pool } = await makeArticles();
    const { cache } = makeCache();
    const connection = await createConnection({ uri: url, namedPlaceholders: true });
    onTestFinished(() => connection.end());
    const both = await cachedQuery(
      cache,
      pool,
      { sql: 'SELECT id FROM articles WHERE id IN (?) ORDER BY 1', values: [[1, 2]], rowsAsArray: true },
      TTL,
    );
    expect(both).toEqual([[1], [2]]);
    const sql = 'SELECT id FROM articles WHERE id = :id AND title LIKE :title';
    const named = { sql, values: { id: 2, title: '%Nile%' }, name: 'nile', prepared: true };
    expect(await cachedQuery(cache, connection, named, TTL)).toEqual([{ id: 2 }]);
    expect(queryKey(connection, named)).toMatch(/^sql:nile:/);
  });

  it('is invalidated by its key, and by tags', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const query = { sql: SQL, values: [1] };
    const read = async () =>
      (await cachedQuery<Article[]>(cache, pool, query, { ...TTL, tags: ['articles'] }))[0];
    expect(await read()).toHaveProperty('title', 'the Po delta');
    await pool.query("UPDATE articles SET title = 'once changed' WHERE id = 1");
    expect(await read()).toHaveProperty('title', 'the Po delta');
    await cache.invalidate(queryKey(pool, query));
    expect(await read()).toHaveProperty('title', 'once changed');
    await pool.query("UPDATE articles SET title = 'twice changed' WHERE id = 1");
    await cache.invalidateTags(['articles']);
    expect(await read()).toHaveProperty('title', 'twice changed');
  });

  it('refuses a statement that writes, before it runs', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    for (const sql of ['DELETE FROM articles', 'SELECT id FROM articles FOR UPDATE']) {
      await expect(cachedQuery(cache, pool, { sql }, TTL)).rejects.toThrow(CacheOptionError);
    }
    expect(await cachedQuery(cache, pool, { sql: 'SELECT COUNT(*) AS n FROM articles' }, TTL)).toEqual([
      { n: 2 },
    ]);
  });

  it("gives the database's error to the caller, and keeps nothing", async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const query = { sql: 'SELECT nothing FROM articles' };
    await expect(cachedQuery(cache, pool, query, TTL)).rejects.toHaveProperty('code', 'ER_BAD_FIELD_ERROR');
    expect(await cache.get(queryKey(pool, query))).toMatchObject({ outcome: 'miss', reason: 'absent' });
  });

  it('sends the values that the key was made from, whatever becomes of their list meanwhile', async () => {
    const { pool } = await makeArticles();
    const { cache } = makeCache();
    const values = [1];
    const query = { sql: SQL, values };
    const asked = cachedQuery(cache, pool, query, TTL);
    values[0] = 2;
    query.sql = 'SELECT 0';
    expect(await asked).toEqual([{ id: 1, title: 'the Po delta' }]);
    const named = { id: 2 };
    const sql = 'SELECT id FROM articles WHERE id = :id';
    const askedByName = cachedQuery(cache, pool, { sql, values: named, namedPlaceholders: true }, TTL);
    named.id = 1;
    expect(await askedByName).toEqual([{ id: 2 }]);
  });
});

describe('queryKey', () => {
  const pool = () => connectPool(inject('mysqlUrl'), { timezone: 'Z', database: 'golden' });
  const keyOf = (values: unknown) => queryKey(pool(), { sql: 'SELECT ?', values: values as never });

  it('is the same in every process and version, or an update of this package would empty the cache', () => {
    expect(queryKey(pool(), { sql: SQL, values: [1, 'a', new Date(0)] })).toBe(
      'sql:select-articles:6QrU0A9m1M29NYjbKg6Pu8',
    );
  });

  it('tells values apart by type, place and depth', () => {
    const moment = new Date('2024-01-01T00:00:00Z');
    const lists: unknown[] = [
      undefined,
      [],
      [1],
      ['1'],
      [1n],
      [true],
      [Buffer.from('1')],
      [Uint8Array.of(49)],
      [null],
      [undefined],
      [Number.NaN],
      [-0],
      [0],
      [''],
      [moment],
      [moment.toISOString()],
      [moment.getTime()],
      [[1]],
      [[[1]]],
      [1, 1],
      [[1], 1],
      [1, [1]],
      ['1,1'],
      [{ a: 1 }],
      { a: 1 },
      { a: '1' },
      [raw('1')],
      [raw('NOW()')],
      ['NOW()'],
      [TypedParameter.INT(1)],
      [TypedParameter.BIGINT(1)],
      [TypedParameter.BIGINT.unsigned(1)],
      [['raw', '1']],
      [['list', [1]]],
    ];
    expect(new Set(lists.map(keyOf)).size).toBe(lists.length);
  });

  it('is the same for equal values, and for named ones in any order', () => {
    expect(keyOf([new Date(0), Buffer.from('x'), [1, 2]])).toBe(
      keyOf([new Date(0), Buffer.from('x'), [1, 2]]),
    );
    expect(keyOf({ b: 1, a: [2] })).toBe(keyOf({ a: [2], b: 1 }));
    expect(keyOf([raw('NOW()')])).toBe(keyOf([raw('NOW()')]));
  });

  it('tells apart what shapes the rows, of the query and of the pool', () => {
    const sql = 'SELECT 1';
    const options = [
      {},
      { rowsAsArray: true },
      { nestTables: true },
      { nestTables: '_' },
      { typeCast: false },
      { typeCast: (_: unknown, next: () => unknown) => next() },
      { typeCast: (_: unknown, next: () => unknown) => String(next()) },
      { supportBigNumbers: true },
      { bigNumberStrings: true },
      { dateStrings: true },
      { dateStrings: ['DATE' as const] },
      { timezone: '+05:30' as const },
    ];
    const poolOptions = [
      ...options.slice(1),
      { decimalNumbers: true },
      { jsonStrings: true },
      { namedPlaceholders: true },
      { charset: 'latin1' },
      { database: 'another' },
    ];
    const keys = [
      ...options.map((each) => queryKey(pool(), { sql, ...each })),
      ...poolOptions.map((each) =>
        queryKey(connectPool(inject('mysqlUrl'), { timezone: 'Z', database: 'golden', ...each }), { sql }),
      ),
      queryKey(pool(), { sql, prepared: true }),
      queryKey(pool(), { sql, variant: 'a' }),
      queryKey(pool(), { sql, variant: 'b' }),
      queryKey(pool(), { sql, attributes: { tenant: 1 } }),
      queryKey(pool(), { sql, attributes: { tenant: '1' } }),
      queryKey(pool(), { sql: 'select 1' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not depend on what does not: a time-out, the name of the user', () => {
    const key = queryKey(pool(), { sql: 'SELECT 1' });
    expect(queryKey(pool(), { sql: 'SELECT 1', timeout: 5_000 })).toBe(key);
    const other = connectPool(inject('mysqlUrl'), { timezone: 'Z', database: 'golden', connectionLimit: 1 });
    expect(queryKey(other, { sql: 'SELECT 1' })).toBe(key);
  });

  it('is the same for a pool and for a connection of the same options', async () => {
    const connection = await createConnection({ uri: inject('mysqlUrl') });
    onTestFinished(() => connection.end());
    const pooled = await connectPool(inject('mysqlUrl')).getConnection();
    onTestFinished(() => pooled.release());
    const query = { sql: SQL, values: [1] };
    expect(queryKey(connection, query)).toBe(queryKey(connectPool(inject('mysqlUrl')), query));
    expect(queryKey(pooled, query)).toBe(queryKey(connection, query));
  });

  it.each<[string, Record<string, unknown>]>([
    ['values.1', { values: [1, new URL('http://localhost')] }],
    ['values.0.0', { values: [[() => 1]] }],
    ['values.blob', { values: { blob: new Blob(['x']) } }],
    ['name', { name: '' }],
    ['sql', { sql: 1 }],
    ['sql', { sql: 'DROP TABLE articles' }],
    ['variant', { variant: () => 1 }],
  ])('names %s when it cannot be part of a key', (option, faulty) => {
    const query = { sql: 'SELECT ?', ...faulty };
    expect(() => queryKey(pool(), query)).toThrow(CacheOptionError);
    expect(() => queryKey(pool(), query)).toThrow(expect.objectContaining({ option }));
  });

  it('refuses a pool that is not of mysql2/promise', () => {
    const callbacks = createCallbackPool(inject('mysqlUrl'));
    onTestFinished(() => callbacks.end());
    for (const source of [callbacks, {}, undefined]) {
      expect(() => queryKey(source as never, { sql: 'SELECT 1' })).toThrow(
        expect.objectContaining({ option: 'source' }),
      );
    }
  });
});
