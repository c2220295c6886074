import { createTestDatabase, type TestDatabase } from '@workshop/engines/test-space';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { MysqlEvent, MysqlTap } from '../../src/index.ts';
import { mysqlClient, mysqlPool } from '../support/clients.ts';
import { mysqlEvents } from '../support/events.ts';
import { mysqlTap } from '../support/taps.ts';

let database: TestDatabase;
let tap: MysqlTap;
beforeAll(async () => {
  database = await createTestDatabase(inject('mysqlUrl'));
  const client = await createConnection(database.url);
  await client.query('CREATE TABLE stock (id INT PRIMARY KEY, n INT)');
  await client.query('INSERT INTO stock VALUES (1, 10)');
  await client.end();
});
afterAll(() => database.drop());
beforeEach(async () => {
  tap = await mysqlTap();
});

const saying =
  (text: string) =>
  ({ sql }: MysqlEvent): boolean =>
    sql?.includes(text) === true;

const asked = (text: string): Promise<unknown> =>
  tap.record.waitFor((event) => event.store === 'mysql' && saying(text)(event), {
    timeoutMs: 10_000,
    what: text,
  });

describe('refuse', () => {
  it('cuts the connections of a pool, and lets new ones in when it is over', async () => {
    const pool = mysqlPool(tap, database.url);
    await pool.query('SELECT 1');
    const refusal = tap.weather.refuse();
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    await expect(pool.query('SELECT 2')).rejects.toThrow(/ECONNRESET|EPIPE|closed|lost/i);
    await expect(mysqlClient(tap, database.url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    refusal.stop();
    await pool.query('SELECT 3');
    expect(tap.record.events.filter(({ note }) => note === 'refused by the weather').length).toBeGreaterThan(
      0,
    );
  });
});

describe('hang', () => {
  it('keeps a query from the store until it is over', async () => {
    const client = await mysqlClient(tap, database.url);
    const other = await mysqlClient(tap, database.url);
    const spell = tap.weather.hang(saying('UPDATE'));
    const update = client.query('UPDATE stock SET n = n + 1');
    await asked('UPDATE');
    const before = await count(other);
    spell.stop();
    await update;
    expect(await count(other)).toBe(before + 1);
  });

  it('keeps a new connection from its greeting', async () => {
    const spell = tap.weather.hang();
    const connecting = mysqlClient(tap, database.url);
    await tap.record.waitFor(({ kind }) => kind === 'connect', { timeoutMs: 10_000 });
    expect(tap.record.events[0]).not.toHaveProperty('user');
    spell.stop();
    await (await connecting).ping();
  });

  it('lets a client that gives up go', async () => {
    tap.weather.hang();
    await expect(mysqlClient(tap, database.url, { connectTimeout: 50 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    expect(tap.record.events.at(-1)).toMatchObject({ kind: 'disconnect', by: 'client' });
  });
});

describe('delay', () => {
  it('brings results later, in order, prepared statements too', async () => {
    const client = await mysqlClient(tap, database.url);
    const other = await mysqlClient(tap, database.url);
    const spell = tap.weather.delay(1_000_000, ({ connection }) => connection === 1);
    const order: string[] = [];
    const late = [
      client.query('SELECT 1').then(() => order.push('query')),
      client.execute('SELECT ?', [2]).then(() => order.push('execute')),
    ];
    await other.query('SELECT 3').then(() => order.push('other'));
    spell.stop();
    await Promise.all(late);
    expect(order).toEqual(['other', 'query', 'execute']);
  });
});

describe('cutReply', () => {
  it('is seen as a lost connection, in the middle of many rows too', async () => {
    for (const afterBytes of [3, 50_000]) {
      const spell = tap.weather.cutReply(saying('REPEAT'), afterBytes);
      const client = await mysqlClient(tap, database.url);
      await expect(client.query("SELECT REPEAT('x', 1000000)")).rejects.toThrow(/closed|lost/i);
      spell.stop();
    }
    const cuts = mysqlEvents(tap.record, 'disconnect').filter(({ note }) =>
      note?.startsWith('cut in the middle'),
    );
    expect(cuts).toHaveLength(2);
  });
});

describe('fail', () => {
  const DEADLOCK = {
    code: 1213,
    message: 'Deadlock found when trying to get lock; try restarting transaction',
  };

  it('answers with the error, and the store is not asked', async () => {
    const client = await mysqlClient(tap, database.url);
    const before = await count(client);
    const spell = tap.weather.fail(saying('UPDATE'), DEADLOCK);
    const expected = { code: 'ER_LOCK_DEADLOCK', errno: 1213, sqlState: '40001', message: DEADLOCK.message };
    await expect(client.query('UPDATE stock SET n = 0')).rejects.toMatchObject(expected);
    await expect(client.execute('UPDATE stock SET n = ?', [0])).rejects.toMatchObject(expected);
    spell.stop();
    expect(await count(client)).toBe(before);
    expect(mysqlEvents(tap.record, 'prepare')[0]).toMatchObject({
      sql: 'UPDATE stock SET n = ?',
      result: { error: { code: 1213, sqlState: '40001' } },
      endedAt: expect.any(Number),
    });
  });

  it('fails the execution of a statement that was prepared before', async () => {
    const client = await mysqlClient(tap, database.url);
    await client.execute('SELECT ? + 1', [1]);
    tap.weather.fail(({ kind }) => kind === 'execute', {
      code: 1317,
      message: 'Query execution was interrupted',
    });
    await expect(client.execute('SELECT ? + 1', [1])).rejects.toMatchObject({
      errno: 1317,
      sqlState: '70100',
    });
    tap.weather.clear();
    await client.execute('SELECT ? + 1', [1]);
  });

  it('turns a connection away: too many connections', async () => {
    const spell = tap.weather.fail(({ kind }) => kind === 'connect', {
      code: 1040,
      message: 'Too many connections',
    });
    await expect(mysqlClient(tap, database.url)).rejects.toMatchObject({
      code: 'ER_CON_COUNT_ERROR',
      errno: 1040,
      sqlState: '08004',
    });
    expect(tap.record.events).toMatchObject([{ kind: 'connect', result: { error: { code: 1040 } } }]);
    spell.stop();
    await (await mysqlClient(tap, database.url)).ping();
  });

  it.each([
    ['error.code', { code: 0, message: '' }],
    ['error.message', { code: 1, message: 1 as never }],
    ['error.sqlState', { code: 1, message: '', sqlState: '4' }],
  ])('takes no error that cannot be said: %s', (option, failure) => {
    expect(() => tap.weather.fail(() => true, failure)).toThrow(expect.objectContaining({ option }));
  });
});

describe('hold', () => {
  it('makes a lost update happen on purpose', async () => {
    const [one, two] = [await mysqlClient(tap, database.url), await mysqlClient(tap, database.url)];
    await one.query('UPDATE stock SET n = 10');
    const hold = tap.weather.hold(saying('SET n = 9'));
    const first = takeOne(one);
    await hold.arrived;
    const second = takeOne(two);
    // The second asks the same, is not held, and is done before the first has written.
    await second;
    hold.release();
    await first;
    expect(await count(one)).toBe(9);
  });

  it('without a match waits for a command, not for a connection', async () => {
    const hold = tap.weather.hold();
    const client = await mysqlClient(tap, database.url);
    const ping = client.ping();
    expect(await hold.arrived).toMatchObject({ kind: 'ping' });
    hold.release();
    await ping;
  });

  it('holds a result that the store has given', async () => {
    const client = await mysqlClient(tap, database.url);
    const other = await mysqlClient(tap, database.url);
    const hold = tap.weather.hold(saying('UPDATE'), { at: 'reply' });
    const update = client.query('UPDATE stock SET n = 77');
    expect(await hold.arrived).toMatchObject({ result: { affectedRows: 1 } });
    expect(await count(other)).toBe(77);
    hold.release();
    await update;
  });
});

type Client = Awaited<ReturnType<typeof mysqlClient>>;

async function count(client: Client): Promise<number> {
  const [rows] = await client.query<(RowDataPacket & { n: number })[]>('SELECT n FROM stock');
  return rows[0]!.n;
}

async function takeOne(client: Client): Promise<void> {
  await client.query(`UPDATE stock SET n = ${(await count(client)) - 1}`);
}
