import type { TestDatabase } from '@workshop/engines/test-space';
import { createTestDatabase } from '@workshop/engines/test-space';
import type { Connection, ConnectionOptions, QueryOptions, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { makeCache } from '../support.ts';
import { expectSame } from '../value/same.ts';
import { makeEveryType } from './every-type.ts';

/** What a typeCast of somebody's own may make of a column: types that mysql2 itself never gives. */
const typeCast: ConnectionOptions['typeCast'] = (field, next) => {
  const value: unknown = next();
  if (value === null) return value;
  if (field.type === 'LONGLONG' && typeof value === 'string') return BigInt(value);
  if (field.type === 'TINY') return value === 1;
  return field.type === 'STRING' ? new Set([value]) : value;
};

const OPTIONS: Record<string, ConnectionOptions> = {
  'no options': {},
  supportBigNumbers: { supportBigNumbers: true },
  'supportBigNumbers and bigNumberStrings': { supportBigNumbers: true, bigNumberStrings: true },
  decimalNumbers: { decimalNumbers: true },
  dateStrings: { dateStrings: true },
  'dateStrings for DATE only': { dateStrings: ['DATE'] },
  'timezone Z': { timezone: 'Z' },
  'timezone +05:30': { timezone: '+05:30' },
  rowsAsArray: { rowsAsArray: true },
  jsonStrings: { jsonStrings: true },
  disableEval: { disableEval: true },
  'a typeCast of our own': { supportBigNumbers: true, bigNumberStrings: true, typeCast },
};

const QUERY_OPTIONS: Record<string, Partial<QueryOptions>> = {
  'nestTables: true': { nestTables: true },
  "nestTables: '_'": { nestTables: '_' },
};

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(inject('mysqlUrl'));
  const connection = await createConnection(database.url);
  await makeEveryType(connection);
  await connection.end();
});

afterAll(() => database.drop());

async function connectMysql(options: ConnectionOptions): Promise<Connection> {
  const connection = await createConnection({ uri: database.url, ...options });
  onTestFinished(() => connection.end());
  return connection;
}

type Method = 'query' | 'execute';

const EVERY_ROW = 'SELECT * FROM every_type ORDER BY id';
const EVERY_PAIR =
  'SELECT * FROM every_type AS one LEFT JOIN every_type AS next ON next.id = one.id + 1 ORDER BY one.id';

/** Reads a whole table: past the cache, through it on a miss, on a hit, and past it again. All must be the same. */
async function expectFaithful(
  connection: Connection,
  method: Method,
  options: QueryOptions,
): Promise<unknown> {
  const { cache } = makeCache({ timeoutMs: 5_000 });
  const load = async () => {
    const [rows] = await (method === 'query'
      ? connection.query<RowDataPacket[]>(options)
      : connection.execute<RowDataPacket[]>(options));
    return rows;
  };
  const first = await load();
  expect(first).not.toEqual([]);
  const missed = await cache.getOrLoad('rows', load, { ttlMs: 60_000 });
  const hit = await cache.getOrLoadWithOutcome<RowDataPacket[]>('rows', neverLoaded, { ttlMs: 60_000 });
  expect(hit.outcome).toBe('hit');
  expectSame(missed, first);
  expectSame(hit.value, first);
  expectSame(await load(), first);
  return hit.value;
}

const neverLoaded = (): never => {
  throw new Error('The value was not in Redis.');
};

describe.each<Method>(['query', 'execute'])('a hit gives what %s() gave, type by type,', (method) => {
  it.each(Object.entries(OPTIONS))('with %s', async (_name, options) => {
    await expectFaithful(await connectMysql(options), method, { sql: EVERY_ROW });
  });

  it.each(Object.entries(QUERY_OPTIONS))('with %s', async (_name, options) => {
    await expectFaithful(await connectMysql({}), method, { ...options, sql: EVERY_PAIR });
  });

  it('and that is of every class a row of mysql2 can hold', async () => {
    const rows = await expectFaithful(await connectMysql({}), method, { sql: EVERY_ROW });
    const values = (rows as RowDataPacket[]).flatMap((row): unknown[] => Object.values(row));
    const classes = values.map((value) => (value === null ? 'null' : String(Object(value).constructor.name)));
    expect([...new Set(classes)].toSorted()).toEqual([
      'Array',
      'Buffer',
      'Date',
      'Number',
      'Object',
      'String',
      'null',
    ]);
    expect(values.some((value) => value instanceof Date && Number.isNaN(value.getTime()))).toBe(true);
  });
});

describe('a hit gives what query() gave', () => {
  // mysql2 reads every column of a prepared statement as a length and bytes then, which numbers are not: it breaks off.
  it('with typeCast: false', async () => {
    await expectFaithful(await connectMysql({}), 'query', { typeCast: false, sql: EVERY_ROW });
  });
});

describe('a DATETIME(6)', () => {
  it('loses its microseconds in mysql2, not in the cache; as a string it has them all', async () => {
    const sql = "SELECT CAST('2024-02-29 23:59:59.123456' AS DATETIME(6)) AS moment";
    expect(await expectFaithful(await connectMysql({ timezone: 'Z' }), 'query', { sql })).toEqual([
      { moment: new Date('2024-02-29T23:59:59.123Z') },
    ]);
    expect(await expectFaithful(await connectMysql({ dateStrings: true }), 'query', { sql })).toEqual([
      { moment: '2024-02-29 23:59:59.123456' },
    ]);
  });
});
