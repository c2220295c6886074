import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';

// Who uses this file thereby knows the types of what the global setup provides.
export type { ProvidedContext } from './testing.ts';

/** A database that is one test file's alone. */
export interface TestDatabase {
  /** As the URL it was made from, but naming this database. */
  url: string;
  /** Deletes it, connections to it or not. */
  drop: () => Promise<void>;
}

/** Makes an empty database of its own for a test, on the server of this URL. */
export async function createTestDatabase(mysqlUrl: string): Promise<TestDatabase> {
  const name = `test_${shortId()}`;
  await runStatement(mysqlUrl, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const url = new URL(mysqlUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runStatement(mysqlUrl, `DROP DATABASE IF EXISTS ${name}`) };
}

/** A prefix for Redis keys that no other test uses, `test:1f3a…:`. */
export function testKeyPrefix(): string {
  return `test:${shortId()}:`;
}

const shortId = () => randomUUID().replaceAll('-', '').slice(0, 12);

async function runStatement(uri: string, statement: string): Promise<void> {
  const connection = await createConnection({ uri });
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
