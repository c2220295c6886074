import { Readable } from 'node:stream';
import { createTestDatabase, type TestDatabase } from '@workshop/engines/test-space';
import type { RowDataPacket } from 'mysql2/promise';
import { createConnection as createCallbackConnection } from 'mysql2';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { MysqlEvent, MysqlTap } from '../../src/index.ts';
import { mysqlClient, mysqlPool } from '../support/clients.ts';
import { mysqlEvents } from '../support/events.ts';
import { RawClient } from '../support/raw-client.ts';
import { mysqlTap } from '../support/taps.ts';

let database: TestDatabase;
let tap: MysqlTap;
beforeAll(async () => {
  database = await createTestDatabase(inject('mysqlUrl'));
});
afterAll(() => database.drop());
beforeEach(async () => {
  tap = await mysqlTap();
});

const queries = (): MysqlEvent[] => mysqlEvents(tap.record, 'query');

describe('what is recorded of MySQL', () => {
  it('is a connection with its user and database, from first to last', async () => {
    const client = await mysqlClient(tap, database.url);
    await client.ping();
    await client.end();
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    const { username, pathname } = new URL(database.url);
    expect(tap.record.events).toMatchObject([
      { kind: 'connect', user: username, database: pathname.slice(1), result: { affectedRows: 0 } },
      { kind: 'ping', command: 'COM_PING', result: { affectedRows: 0, lastInsertId: 0 } },
      { kind: 'quit', command: 'COM_QUIT', endedAt: expect.any(Number) },
      { kind: 'disconnect' },
    ]);
  });

  it('is a login that was refused', async () => {
    const url = new URL(database.url);
    url.password = 'wrong';
    await expect(mysqlClient(tap, url.href)).rejects.toThrow(/Access denied/);
    expect(tap.record.events[0]).toMatchObject({
      kind: 'connect',
      result: { error: { code: 1045, sqlState: '28000', message: expect.stringContaining('Access denied') } },
    });
  });

  it('is the text of each query, and how many rows of which columns came back', async () => {
    const client = await mysqlClient(tap, database.url);
    await client.query('CREATE TABLE cities (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50))');
    await client.query('INSERT INTO cities (name) VALUES (?), (?)', ['Åre', "L'Aquila"]);
    await client.query('SELECT id, name FROM cities WHERE name = ?', ['Åre']);
    await client.query('SELECT * FROM cities WHERE id > 100');
    await client.query('UPDATE cities SET name = "x" WHERE id = 1');
    expect(queries().slice(1)).toMatchObject([
      {
        sql: "INSERT INTO cities (name) VALUES ('Åre'), ('L\\'Aquila')",
        result: { affectedRows: 2, lastInsertId: 1 },
      },
      { sql: "SELECT id, name FROM cities WHERE name = 'Åre'", result: { rows: 1, columns: ['id', 'name'] } },
      { result: { rows: 0, columns: ['id', 'name'] } },
      { result: { affectedRows: 1, lastInsertId: 0 } },
    ]);
  });

  it('is the error that came back', async () => {
    const client = await mysqlClient(tap, database.url);
    await expect(client.query('SELECT * FROM nowhere')).rejects.toThrow(/doesn't exist/);
    expect(queries()[0]!.result).toMatchObject({ error: { code: 1146, sqlState: '42S02' } });
  });

  it('is a prepared statement, and what it was executed with', async () => {
    const client = await mysqlClient(tap, database.url);
    const values = [
      1,
      -2.5,
      'text',
      'naïve',
      null,
      true,
      Buffer.from([0, 255]),
      new Date(Date.UTC(2024, 1, 29, 12, 30, 15, 250)),
    ];
    const sql = `SELECT ${values.map(() => '?').join(', ')}`;
    await client.execute(sql, values);
    await client.execute(sql, values);
    expect(mysqlEvents(tap.record, 'prepare')).toMatchObject([{ sql, statement: expect.any(Number) }]);
    const executions = mysqlEvents(tap.record, 'execute');
    expect(executions).toHaveLength(2);
    for (const { sql: text, params, result } of executions) {
      expect(text).toBe(sql);
      expect(params!.slice(0, 7)).toEqual([1, -2.5, 'text', 'naïve', null, 1, Buffer.from([0, 255])]);
      expect(params![7]).toMatch(/^2024-02-(28|29|01) \d\d:30:15\.250000$/);
      expect(result).toMatchObject({ rows: 1 });
    }
  });

  it('is a number beyond what a number holds exactly, as a bigint', async () => {
    const client = await mysqlClient(tap, database.url);
    await client.execute('SELECT ?', [9_007_199_254_740_993n]);
    await client.query('CREATE TABLE big (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT, n INT)');
    await client.query('INSERT INTO big VALUES (18446744073709551610, 1)');
    await client.query('INSERT INTO big (n) VALUES (2)');
    expect([9_007_199_254_740_993n, '9007199254740993']).toContainEqual(
      mysqlEvents(tap.record, 'execute')[0]!.params![0],
    );
    expect(queries().at(-1)!.result).toEqual({ affectedRows: 1, lastInsertId: 18446744073709551611n });
  });

  it('is a statement’s closing', async () => {
    const client = await mysqlClient(tap, database.url);
    const statement = await client.prepare('SELECT ? + 1');
    await statement.execute([1]);
    await statement.close();
    await client.ping();
    const [prepare] = mysqlEvents(tap.record, 'prepare');
    expect(mysqlEvents(tap.record, 'close-statement')).toMatchObject([
      { sql: 'SELECT ? + 1', statement: prepare!.statement, endedAt: expect.any(Number) },
    ]);
  });

  it('is each result of several statements, and of a procedure', async () => {
    const client = await mysqlClient(tap, database.url, { multipleStatements: true });
    await client.query('SELECT 1 AS a UNION SELECT 2; DO 1; SELECT 3 AS b');
    expect(queries()[0]!.results).toMatchObject([
      { rows: 2, columns: ['a'] },
      { affectedRows: 0 },
      { rows: 1, columns: ['b'] },
    ]);
    expect(queries()[0]!.result).toBe(queries()[0]!.results![0]);
    await client.query('CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b, 3 AS c; END');
    await client.query('CALL two()');
    await client.execute('CALL two()');
    const results = [{ rows: 1, columns: ['a'] }, { rows: 1, columns: ['b', 'c'] }, { affectedRows: 0 }];
    expect(queries().at(-1)!.results).toMatchObject(results);
    expect(mysqlEvents(tap.record, 'execute')[0]!.results).toMatchObject(results);
    await expect(client.query('SELECT 1; SELECT nothing; SELECT 3')).rejects.toThrow(/nothing/);
    expect(queries().at(-1)!.results).toMatchObject([{ rows: 1 }, { error: { code: 1054 } }]);
  });

  it('is a transaction, statement by statement', async () => {
    const client = await mysqlClient(tap, database.url);
    await client.beginTransaction();
    await client.query('DO 1');
    await client.commit();
    expect(queries().map(({ sql }) => sql)).toEqual(['START TRANSACTION', 'DO 1', 'COMMIT']);
  });

  it('is a change of user or database', async () => {
    const client = await mysqlClient(tap, database.url);
    await client.changeUser({ database: 'information_schema' });
    await client.query('SELECT DATABASE()');
    expect(mysqlEvents(tap.record, 'change-user')).toMatchObject([
      { user: new URL(database.url).username, database: 'information_schema', result: { affectedRows: 0 } },
    ]);
    expect(queries()).toMatchObject([{ result: { rows: 1 } }]);
    const failing = client.changeUser({ user: 'nobody', password: 'x' });
    await expect(failing).rejects.toThrow(/Access denied/);
    expect(mysqlEvents(tap.record, 'change-user').at(-1)).toMatchObject({
      user: 'nobody',
      result: { error: { code: 1045 } },
    });
  });

  it('is a reset of the connection', async () => {
    const client = await mysqlClient(tap, database.url);
    await client.reset();
    expect(mysqlEvents(tap.record, 'reset')).toMatchObject([
      { command: 'COM_RESET_CONNECTION', result: { affectedRows: 0 } },
    ]);
  });

  it('is the loading of a file that the server asks for', async () => {
    const client = await mysqlClient(tap, database.url);
    await client.query('CREATE TABLE names (name VARCHAR(50))');
    const chunks = Array.from({ length: 50 }, (_, i) => Buffer.from(`name ${i}\n`.repeat(1000)));
    await client.query({
      sql: "LOAD DATA LOCAL INFILE 'names' INTO TABLE names",
      infileStreamFactory: () => Readable.from(chunks),
    });
    await client.query('SELECT COUNT(*) FROM names');
    expect(queries().slice(1)).toMatchObject([{ result: { affectedRows: 50_000 } }, { result: { rows: 1 } }]);
  });

  it('is a pool, connection by connection', async () => {
    const pool = mysqlPool(tap, database.url, { connectionLimit: 3 });
    await Promise.all(Array.from({ length: 6 }, () => pool.query('SELECT SLEEP(0.01)')));
    expect(tap.openConnections).toBe(3);
    expect(mysqlEvents(tap.record, 'connect')).toHaveLength(3);
    expect(new Set(queries().map(({ connection }) => connection))).toEqual(new Set([1, 2, 3]));
    expect(queries()).toHaveLength(6);
  });

  it('counts rows that are streamed to a slow client, and those of long rows', async () => {
    const url = new URL(tap.url(database.url));
    const client = createCallbackConnection({ uri: url.href });
    onTestFinished(() => client.destroy());
    const digits = 'SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4';
    const many = Array.from({ length: 6 }, (_, i) => `(${digits}) AS d${i}`).join(', ');
    const sql = `SELECT d0.n, REPEAT('x', 1000) AS text FROM ${many}`;
    let rows = 0;
    for await (const row of client.query(sql).stream({ highWaterMark: 5 }))
      rows += (row as { text: string }).text.length / 1000;
    expect(rows).toBe(15_625);
    expect(queries()[0]!.result).toMatchObject({ rows: 15_625, columns: ['n', 'text'] });
    expect(queries()[0]!.replyBytes).toBeGreaterThan(15_625_000);
  });

  it('follows payloads of more than one packet, both ways', async () => {
    const client = await mysqlClient(tap, database.url);
    const [[limit]] = await client.query<(RowDataPacket & { bytes: number })[]>(
      'SELECT @@max_allowed_packet AS bytes',
    );
    // A payload of exactly one full packet is followed by an empty one, and no client of ours is allowed more than this.
    const sizes = [0xff_ff_ff, 0xff_ff_ff + 1, 20_000_000].filter((size) => size < limit!.bytes);
    expect(limit!.bytes).toBeGreaterThanOrEqual(16 * 1024 * 1024);
    for (const size of sizes) {
      const prefix = "SELECT LENGTH('";
      const sql = `${prefix}${'x'.repeat(size - 1 - prefix.length - 2)}')`;
      await client.query(sql);
      expect(queries().at(-1)).toMatchObject({
        shortened: { sqlBytes: size - 1 },
        result: { rows: 1 },
      });
    }
    // Just under the limit: the row is longer than a packet, and so are the two together.
    await client.query(`SELECT REPEAT('x', ${0xff_ff_ff - 4}) UNION ALL SELECT 'y'`);
    expect(queries().at(-1)!.result).toMatchObject({ rows: 2 });
    await client.ping();
    expect(tap.record.events.filter(({ note }) => note)).toEqual([]);
  });

  it('goes on when a connection is killed', async () => {
    const victim = await mysqlClient(tap, database.url);
    const killer = await mysqlClient(tap, database.url);
    const sleeping = victim.query('SELECT SLEEP(60)').catch((error: NodeJS.ErrnoException) => error);
    await tap.record.waitFor((event) => 'sql' in event && event.sql === 'SELECT SLEEP(60)', {
      timeoutMs: 10_000,
    });
    await killer.query(`KILL ${victim.threadId}`);
    expect(await sleeping).toBeInstanceOf(Error);
    await tap.record.waitFor(({ kind, connection }) => kind === 'disconnect' && connection === 1, {
      timeoutMs: 10_000,
    });
    expect(tap.record.events.at(-1)).toMatchObject({ kind: 'disconnect', by: 'store' });
    await killer.ping();
  });

  it('lets go of a packet that its client leaves unfinished', async () => {
    const client = new RawClient(tap.port);
    const [length] = await client.read(4);
    await client.read(length!);
    client.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    client.end();
    await client.readToEnd();
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
  });
});
