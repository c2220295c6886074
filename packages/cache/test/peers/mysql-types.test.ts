import type { RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { makeCache } from '../support.ts';

// The peers keep a row as JSON: on a hit a DATETIME is a string and a BLOB an object of numbers, and a BIGINT as bigint makes
// them throw or give up.

const COLUMNS = {
  'a DATETIME': "TIMESTAMP('2026-11-21 10:00:00.123')",
  'a BLOB': "x'00ff10'",
  'an empty BLOB': "x''",
  'a BIGINT above 2^53': '9007199254740993',
  'a negative BIGINT': '-9223372036854775808',
  'a NULL': 'NULL',
};

test.each(Object.entries(COLUMNS))('%s is the same on a hit as from the load', async (_, expression) => {
  const row = await selectRow(expression);
  const { cache, prefix } = makeCache();
  const other = makeCache({ prefix }).cache;
  const load = vi.fn<() => unknown>(() => row);
  expect(await cache.getOrLoad('row', load, { ttlMs: 60_000 })).toStrictEqual(row);
  expect(await other.getOrLoad('row', load, { ttlMs: 60_000 })).toStrictEqual(row);
  expect(load).toHaveBeenCalledOnce();
});

/** A plain object: mysql2's own row class is the values' tests' concern. */
async function selectRow(expression: string): Promise<Record<string, unknown>> {
  const connection = await createConnection({
    uri: inject('mysqlUrl'),
    typeCast: (field, next) => {
      if (field.type !== 'LONGLONG') return next();
      const digits = field.string();
      return digits === null ? null : BigInt(digits);
    },
  });
  onTestFinished(() => connection.end());
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT ${expression} AS seen`);
  return { ...rows[0] };
}
