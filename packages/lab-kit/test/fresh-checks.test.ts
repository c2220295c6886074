import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, describe, expect, test } from 'vitest';
import { scratchFolder, storeSource } from './support.ts';
import { clients, observed, verifier, type Run } from './verify.ts';

const folder = await scratchFolder();
afterAll(async () => await folder.remove());

/** A store whose `run` is a statement on one connection, which stays. */
const asks = storeSource(
  {
    run: `connection ??= await createConnection(options.mysqlUrl);
          return (await connection.query(args[0]))[0]`,
    close: 'await connection?.end()',
  },
  `${clients} let connection: any;`,
);

describe('tables are as at the start before each check', () => {
  const verify = verifier(folder, {
    async tables(mysql) {
      await mysql.query(
        'CREATE TABLE notes (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(20) NOT NULL, made DATETIME(3) NOT NULL)',
      );
      await mysql.query(
        `INSERT INTO notes (text, made) VALUES ('a', '2026-01-05 09:30:00.250'), ('é🦠', NOW(3))`,
      );
    },
  });

  /** All that could differ, as one text. */
  const look: Run = async ({ mysql }) => {
    const [tables] = await mysql.query<RowDataPacket[]>('SHOW TABLES');
    const names = tables.map((row) => String(Object.values(row)[0]));
    const parts = await Promise.all(
      names.map(async (name) => {
        const [[create]] = await mysql.query<RowDataPacket[]>(`SHOW CREATE TABLE ${name}`);
        const [rows] = await mysql.query<RowDataPacket[]>(`SELECT * FROM ${name}`);
        return [create, rows];
      }),
    );
    return JSON.stringify(parts);
  };

  test.for([
    ['rows that the store changed', 'INSERT INTO notes (text, made) VALUES ("b", NOW(3))'],
    ['rows that are gone', 'DELETE FROM articles WHERE OBJECTID < 100'],
    ['one value', 'UPDATE article_reads SET Readers = Readers + 1 WHERE OBJECTID = 7'],
    ['a table that is gone', 'DROP TABLE notes'],
    ['a table that is new', 'CREATE TABLE more (id INT)'],
    ['an index', 'CREATE INDEX by_date ON articles (PublishedDate)'],
  ])('%s', async ([, sql]) => {
    const byStore: Run = async ({ store }) => String(await store.run(sql));
    const byCheck: Run = async ({ mysql }) => JSON.stringify(await mysql.query(sql!));
    const [before, , between, , after] = observed(await verify(asks, look, byStore, look, byCheck, look));
    expect(before).toContain('é🦠');
    expect(between).toBe(before);
    expect(after).toBe(before);
  });

  test('although a transaction of the store was never ended', async () => {
    const leave: Run = async ({ mysql, store }) => {
      await mysql.query('DELETE FROM articles WHERE OBJECTID = 1');
      await store.run('START TRANSACTION');
      return JSON.stringify(await store.run(`UPDATE articles SET Title = 'x' WHERE OBJECTID = 2`));
    };
    const texts = observed(await verify(asks, look, leave, look, leave));
    expect(texts[2]).toBe(texts[0]);
    expect(texts[3]).toContain('"affectedRows":1');
  });

  test('for a store that may only read as well', async () => {
    const reading = verifier(folder, { privileges: 'SELECT' });
    const change: Run = async ({ mysql }) => JSON.stringify(await mysql.query('DELETE FROM articles'));
    const count: Run = async ({ store }) =>
      JSON.stringify(await store.run('SELECT COUNT(*) n FROM articles'));
    const [before, , after] = observed(await reading(asks, count, change, count));
    expect(after).toBe(before);
  });
});

describe('a Redis server of its own', () => {
  const verify = verifier(folder, { redis: 'own', redisOptions: { maxmemory: '16mb' } });
  const source = storeSource(
    {
      run: `redis ??= new Redis(options.redisUrl, { maxRetriesPerRequest: 0 }); return await redis.call(...args)`,
      close: 'redis?.disconnect()',
    },
    `${clients} let redis: any;`,
  );

  test('is behind the wiretap, and takes every command', async () => {
    const verdict = await verify(source, async ({ store, observe, redis, redisServer }) => {
      const seen = await observe(async () => [
        await store.run('SET', 'k', 'v'),
        await store.run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'),
      ]);
      expect(seen.commands('SET', 'CONFIG')).toHaveLength(2);
      expect(await redis.get('k')).toBe('v');
      expect(await redisServer.ask('GET', 'k')).toBe('v');
      expect(await redisServer.ask('CONFIG', 'GET', 'maxmemory*')).toEqual(
        expect.arrayContaining(['maxmemory', String(16 * 1024 * 1024), 'allkeys-lru']),
      );
      return JSON.stringify(seen.value);
    });
    expect(observed(verdict)).toEqual(['["OK","OK"]']);
  });

  test('is empty, runs and has its settings again before the next check, whatever became of it', async () => {
    const state: Run = async ({ store, redis }) => {
      await store.run('PING');
      return JSON.stringify([await redis.dbsize(), await redis.config('GET', 'maxmemory-policy')]);
    };
    const set: Run = async ({ redis, redisServer }) => {
      await redis.set('k', 'v');
      return String(await redisServer.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'));
    };
    const kill: Run = async ({ redisServer }) => String(await redisServer.kill('SIGKILL'));
    const shutdown: Run = async ({ store }) =>
      await store.run('SHUTDOWN', 'NOSAVE').then(String, () => 'gone');
    const texts = observed(await verify(source, state, set, state, kill, state, shutdown, state));
    const fresh = '[0,["maxmemory-policy","noeviction"]]';
    expect(texts.filter((_, at) => at % 2 === 0)).toEqual([fresh, fresh, fresh, fresh]);
  });

  test('is there only for a lab that asks for it', async () => {
    const shared = verifier(folder);
    await expect(shared(source, async ({ redisServer }) => String(redisServer.pid))).rejects.toThrow(
      "lab 42 has no Redis server of its own: it needs redis: 'own'",
    );
  });
});
