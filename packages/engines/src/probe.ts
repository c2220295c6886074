import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { withoutSecrets } from './engine-error.ts';

/** Why a server could not be asked. */
export type ProbeTrouble = 'unreachable' | 'denied' | 'no-database' | 'busy';

export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly trouble: ProbeTrouble;

  constructor(trouble: ProbeTrouble, cause: unknown) {
    const kept = withoutSecrets(cause);
    super(kept.message, { cause: kept });
    this.trouble = trouble;
  }
}

/** What a server says of itself. */
export interface ServerFacts {
  /** As in a cache key: `8.4.3`, `10.11.19-MariaDB`, `7.0.15`, `8.1.1-Valkey`. */
  version: string;
  /** As a person says it: `MySQL 8.4.3`, `MariaDB 10.11.19`, `Redis 7.0.15`, `Valkey 8.1.1`. */
  title: string;
}

export interface ProbeOptions {
  /** For the connection and for each answer, in ms. */
  timeoutMs: number;
}

/** Asks a MySQL server for its version, and has it make the URL's database if that is missing. @throws {ProbeError} */
export async function probeMysql(url: string, { timeoutMs }: ProbeOptions): Promise<ServerFacts> {
  const { server, database } = splitMysqlUrl(url);
  const connection = await createConnection({ uri: server, connectTimeout: timeoutMs }).catch(
    throwMysqlTrouble,
  );
  try {
    const [rows] = await connection.query<RowDataPacket[]>({
      sql: 'SELECT VERSION() AS version',
      timeout: timeoutMs,
    });
    if (database) await openDatabase(connection, database, timeoutMs);
    // A connection that is merely dropped leaves a warning in the server's log.
    await connection.end();
    return mysqlFacts(String(rows[0]?.['version']));
  } catch (error) {
    connection.destroy();
    return throwMysqlTrouble(error);
  }
}

export function mysqlFacts(answer: string): ServerFacts {
  const [number = answer] = /^\d+(\.\d+)*/.exec(answer) ?? [];
  return answer.includes('MariaDB')
    ? { version: `${number}-MariaDB`, title: `MariaDB ${number}` }
    : { version: number, title: `MySQL ${number}` };
}

/** The URL without its database, and the database. */
export function splitMysqlUrl(url: string): { server: string; database: string } {
  const parsed = new URL(url);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  parsed.pathname = '/';
  return { server: parsed.href, database };
}

async function openDatabase(
  connection: Awaited<ReturnType<typeof createConnection>>,
  database: string,
  timeout: number,
): Promise<void> {
  const name = `\`${database.replaceAll('`', '``')}\``;
  try {
    await connection.query({ sql: `USE ${name}`, timeout });
  } catch (error) {
    if (codeOf(error) !== 'ER_BAD_DB_ERROR') throw error;
    await connection.query({ sql: `CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4`, timeout });
  }
}

function throwMysqlTrouble(error: unknown): never {
  const code = codeOf(error);
  // Parts of the driver are loaded when it first connects: their lack says nothing about the server.
  if (code === 'MODULE_NOT_FOUND') throw error;
  if (code === 'ER_ACCESS_DENIED_ERROR' || code === 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR')
    throw new ProbeError('denied', error);
  if (code === 'ER_DBACCESS_DENIED_ERROR' || code === 'ER_BAD_DB_ERROR')
    throw new ProbeError('no-database', error);
  if (code === 'ER_CON_COUNT_ERROR' || code === 'ER_SERVER_SHUTDOWN') throw new ProbeError('busy', error);
  throw new ProbeError('unreachable', error);
}

/** Asks a Redis or Valkey server for its version, once it has loaded its data. @throws {ProbeError} */
export async function probeRedis(url: string, { timeoutMs }: ProbeOptions): Promise<ServerFacts> {
  return withRedis(url, { timeoutMs }, async (redis) => {
    await redis.ping(); // INFO is answered even while the data is being loaded
    return redisFacts(await redis.info('server'));
  });
}

/** Lends a connection that is closed afterwards, whatever happens; nothing is tried twice. @throws {ProbeError} */
export async function withRedis<T>(
  url: string,
  { timeoutMs }: ProbeOptions,
  work: (redis: Redis) => Promise<T>,
): Promise<T> {
  let lastError: unknown;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    disconnectTimeout: 100,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    // Its own readiness check would try again, for as long as the server loads.
    enableReadyCheck: false,
  });
  redis.on('error', (error) => {
    lastError = error;
  });
  try {
    await redis.connect();
    return await work(redis);
  } catch (error) {
    throw redisTrouble(lastError ?? error);
  } finally {
    redis.disconnect();
  }
}

function redisTrouble(error: unknown): ProbeError {
  const message = error instanceof Error ? error.message : '';
  if (/^(WRONGPASS|NOAUTH|NOPERM)|invalid password/.test(message)) return new ProbeError('denied', error);
  if (/^(LOADING|BUSY|MASTERDOWN)|max number of clients/.test(message)) return new ProbeError('busy', error);
  return new ProbeError('unreachable', error);
}

export function redisFacts(info: string): ServerFacts {
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
  if (valkey) return { version: `${valkey}-Valkey`, title: `Valkey ${valkey}` };
  const redis = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'of unknown version';
  return { version: redis, title: `Redis ${redis}` };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
