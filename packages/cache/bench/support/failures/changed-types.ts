import { isDeepStrictEqual } from 'node:util';
import type { RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import type { Failure } from './failure.ts';

/** A DATETIME, a BLOB and a BIGINT beyond 2^53, each as mysql2 gives it, must be the same on a hit as from the load. */
export const changedTypes: Failure = {
  title: 'changed types of 3',
  wanted: 0,
  async see({ open }, { mysqlUrl, redisUrl, prefix }) {
    const columns = Object.entries(await readRow(mysqlUrl));
    const cache = await open({ url: redisUrl }, prefix);
    try {
      let changed = 0;
      for (const [column, value] of columns) {
        try {
          const loaded = await cache.getOrLoad(column, async () => value);
          const hit = await cache.getOrLoad(column, async () => 'not a hit');
          if (!isDeepStrictEqual(loaded, value) || !isDeepStrictEqual(hit, value)) changed += 1;
        } catch {
          changed += 1;
        }
      }
      return changed;
    } finally {
      await cache.close();
    }
  },
};

async function readRow(mysqlUrl: string): Promise<RowDataPacket> {
  const connection = await createConnection({
    uri: mysqlUrl,
    typeCast: (field, next) => (field.type === 'LONGLONG' ? BigInt(field.string() ?? 0) : next()),
  });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT TIMESTAMP('2026-11-21 10:00:00.123') AS written, x'00ff10' AS picture, 9007199254740993 AS views",
    );
    return rows[0]!;
  } finally {
    await connection.end();
  }
}
