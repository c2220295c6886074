import { createHash } from 'node:crypto';
import type { Connection, ConnectionOptions, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { ConnectionError, DatasetError, InvalidOptionError } from './errors.ts';

/** A connection that loads data into one database. It is never shared: the settings and the lock below are its own. */
export interface LoadingConnection {
  readonly connection: Connection;
  readonly database: string;
  /** `host:port`, for messages. */
  readonly server: string;
}

/** An encrypted connection to a server that has to prove who it is. */
export interface Tls {
  /** The authorities that may vouch for it, as PEM. @default those that Node trusts */
  readonly ca?: string | readonly string[] | undefined;
}

/** Another load in the same database may take this long before we give up waiting for it. */
const LOCK_SECONDS = 900;

/**
 * Runs `work` on a connection of its own, which is closed afterwards whatever happens.
 *
 * @param tls default: not encrypted
 * @throws InvalidOptionError for an URL without a database, ConnectionError when the server can't be reached.
 */
export async function withConnection<T>(
  mysqlUrl: string,
  work: (loading: LoadingConnection) => Promise<T>,
  tls?: Tls,
): Promise<T> {
  const { server, database } = parseUrl(mysqlUrl);
  const ssl = tls && sslOf(tls);
  const connection = await createConnection({ uri: mysqlUrl, charset: 'utf8mb4', ...(ssl && { ssl }) }).catch(
    (error: unknown) => {
      throw new ConnectionError(server, error);
    },
  );
  try {
    // What a statement means must not hang on the server's settings. The server then waits ten minutes for the next
    // block, since 30 s is short for a laptop that is put to sleep, and we wait one for those who read the table
    // when the new one is to take its place, since the default is a day or a year.
    await connection.query(
      "SET SESSION autocommit = 1, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', net_read_timeout = 600, lock_wait_timeout = 60",
    );
    const result = await work({ connection, database, server });
    await connection.end();
    return result;
  } catch (error) {
    // Not end(): after a failure the server may still be waiting for the rest of the data.
    connection.destroy();
    throw error;
  }
}

/** mysql2 checks that the certificate is this server's only when told to. */
function sslOf({ ca }: Tls): NonNullable<Exclude<ConnectionOptions['ssl'], string>> {
  return {
    minVersion: 'TLSv1.2',
    verifyIdentity: true,
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
  };
}

function parseUrl(mysqlUrl: string): { server: string; database: string } {
  const url = URL.canParse(mysqlUrl) ? new URL(mysqlUrl) : undefined;
  const database = decodeURIComponent(url?.pathname.slice(1) ?? '');
  if (url?.protocol !== 'mysql:' || database === '') {
    // The URL itself stays out of the message, since it carries a password.
    throw new InvalidOptionError(
      'mysqlUrl',
      '(not shown)',
      'of the form mysql://user:password@host:port/database',
    );
  }
  return { server: `${url.hostname}:${url.port || '3306'}`, database };
}

/**
 * Runs `work` while no other process loads data into the same database. The server gives the lock back when the connection ends,
 * so a process that is killed leaves none behind. `onWait` is called once if another process has it now.
 *
 * @throws DatasetError when the other process still has it after a quarter of an hour.
 */
export async function withLoadLock<T>(
  { connection, database }: LoadingConnection,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const name = lockName(database);
  if (!(await getLock(connection, name, 0))) {
    onWait();
    if (!(await getLock(connection, name, LOCK_SECONDS))) {
      throw new DatasetError(
        `Another process has been loading data into ${database} for ${LOCK_SECONDS / 60} minutes. Stop it, or wait for it, and try again.`,
      );
    }
  }
  return holding(connection, name, work);
}

/** Runs `work` under the same lock if it is free at this moment, and does nothing if it is not. */
export async function tryLoadLock(
  { connection, database }: LoadingConnection,
  work: () => Promise<void>,
): Promise<void> {
  const name = lockName(database);
  if (await getLock(connection, name, 0)) await holding(connection, name, work);
}

/** Lock names belong to the whole server, and MySQL allows 64 characters, which a database's name alone may have. */
const lockName = (database: string): string =>
  `workshop-data-${createHash('sha1').update(database).digest('hex')}`;

async function getLock(connection: Connection, name: string, seconds: number): Promise<boolean> {
  const [rows] = await connection.query<(RowDataPacket & { taken: number | null })[]>(
    'SELECT GET_LOCK(?, ?) AS taken',
    [name, seconds],
  );
  return rows[0]?.taken === 1;
}

async function holding<T>(connection: Connection, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    // A connection that broke has lost the lock already, and this with it.
    await connection.query('DO RELEASE_LOCK(?)', [name]).catch(() => undefined);
  }
}
