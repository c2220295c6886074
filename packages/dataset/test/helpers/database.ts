import { createTestDatabase } from '@workshop/engines/test-space';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, inject } from 'vitest';

/** A database of its own for the tests of a file, and a connection for looking into it. */
export interface Database {
  url: string;
  connection: Connection;
  /** The only value of the only row. */
  value(sql: string): Promise<unknown>;
}

export function useDatabase(): Database {
  const database = {} as Database;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const made = await createTestDatabase(inject('mysqlUrl'));
    const connection = await createConnection({ uri: made.url, charset: 'utf8mb4' });
    drop = made.drop;
    Object.assign(database, {
      url: made.url,
      connection,
      value: async (sql: string) => {
        const [rows] = await connection.query<RowDataPacket[]>(sql);
        return Object.values(rows[0] ?? {})[0];
      },
    });
  });
  afterAll(async () => {
    await database.connection.end();
    await drop();
  });
  return database;
}

export async function tableNames({ connection }: Database): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>('SHOW TABLES');
  return rows.flatMap((row) => Object.values(row) as string[]).toSorted();
}
