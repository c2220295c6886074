import { randomBytes } from 'node:crypto';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { SpaceError } from './space-error.ts';

const prefix = 'workshop_lab_';
/** Younger ones are left alone: whoever makes one may be about to lock it. */
const abandonedAfterMs = 15 * 60_000;
/** A session of lab:watch may be idle for hours, s. */
const longestIdle = 7 * 24 * 3_600;

/** A schema for one run, and a user who may use only that. */
export interface RunSchema {
  /** Schema and user share it. */
  name: string;
  password: string;
  /** A connection to the schema with every privilege. */
  mysql: Connection;
  /** The same as a URL. */
  adminUrl: string;
  /** Ends what the learner's code has open: statements, transactions, connections. */
  endSessions(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param privileges what the learner's user may do in the schema, as GRANT has it
 * @throws {SpaceError}
 */
export async function createSchema(mysqlUrl: string, privileges: string): Promise<RunSchema> {
  const mysql = await createConnection({
    uri: mysqlUrl,
    supportBigNumbers: true,
    bigNumberStrings: true,
    timezone: 'Z',
  });
  // 30 characters: with the suffix of a schema beside it, MySQL's limit for a user's name.
  const name = `${prefix}${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const endSessions = async () => await endSessionsOf(mysql, name);
  const close = async () => {
    // Each step even when another fails, so that nothing is left.
    await endSessions().catch(() => {});
    await drop(mysql, name).catch(() => {});
    await mysql.end().catch(() => {});
  };
  try {
    // What the learner's code may have locked must not hold us up.
    await mysql.query(
      `SET SESSION lock_wait_timeout = 10, SESSION innodb_lock_wait_timeout = 10, SESSION wait_timeout = ${longestIdle}`,
    );
    // Ends with this connection: a schema whose lock is free belongs to a run that was killed.
    await mysql.query('SELECT GET_LOCK(?, 0)', [name]);
    await dropAbandoned(mysql);
    await mysql.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await mysql.query(`CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`);
    await mysql.query(`GRANT ${privileges} ON ${name}.* TO '${name}'@'%'`);
    // Not changeUser, which gives up locks.
    await mysql.query(`USE ${name}`);
  } catch (error) {
    await close();
    throw isDenied(error) ? new SpaceError(neededPrivileges, { cause: error }) : error;
  }
  const admin = new URL(mysqlUrl);
  admin.pathname = `/${name}`;
  return { name, password, mysql, adminUrl: admin.href, endSessions, close };
}

const neededPrivileges =
  'A lab run makes a schema and a user of its own, and the MySQL user in MYSQL_URL may not: it needs ' +
  'CREATE, DROP, CREATE USER and GRANT OPTION on *.*. Without MYSQL_URL, the workshop runs a MySQL of its own.';

function isDenied(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return (
    code === 'ER_DBACCESS_DENIED_ERROR' ||
    code === 'ER_SPECIFIC_ACCESS_DENIED_ERROR' ||
    code === 'ER_ACCESS_DENIED_ERROR'
  );
}

/** A statement that still runs would keep the schema from being dropped. */
async function endSessionsOf(mysql: Connection, user: string): Promise<void> {
  const [sessions] = await mysql.query<RowDataPacket[]>(
    'SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ?',
    [user],
  );
  for (const { ID } of sessions) await mysql.query(`KILL ${Number(ID)}`).catch(() => {});
}

/** Where the tables are kept as they were at the start: the learner's user may not go there. */
export const originalsOf = (schema: string): string => `${schema}_o`;
const runOf = (schema: string): string => schema.replace(/_o$/, '');

async function drop(mysql: Connection, name: string): Promise<void> {
  await mysql.query(`DROP DATABASE IF EXISTS \`${originalsOf(name)}\``);
  await mysql.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await mysql.query(`DROP USER IF EXISTS '${name}'@'%'`);
}

async function dropAbandoned(mysql: Connection): Promise<void> {
  const [schemas] = await mysql.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [
    `${prefix.replaceAll('_', '\\_')}%`,
  ]);
  const names = new Set(schemas.map((row) => runOf(String(Object.values(row)[0]))));
  for (const name of names) {
    const madeAt = Number.parseInt(name.slice(prefix.length), 36);
    if (Date.now() - madeAt <= abandonedAfterMs) continue;
    const [[lock]] = await mysql.query<RowDataPacket[]>('SELECT IS_FREE_LOCK(?) AS isFree', [name]);
    if (Number(lock?.['isFree']) === 1) await drop(mysql, name);
  }
}
