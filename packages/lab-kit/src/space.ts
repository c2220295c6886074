import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { createMysqlTap, createRedisTap, WireRecord, type MysqlTap, type RedisTap } from '@workshop/wiretap';
import { claimRedisDatabase } from './redis-database.ts';
import { SpaceError } from './space-error.ts';
import type { StoreOptions } from './sandbox/protocol.ts';

const prefix = 'workshop_lab_';
/** A run is over long before this; older ones belong to runs that were killed. */
const abandonedAfterMs = 15 * 60_000;

export interface EngineUrls {
  mysqlUrl: string;
  redisUrl: string;
}

/**
 * A schema, a MySQL user who may use only that schema, and a Redis database, made for one run and taken away after
 * it; with a wiretap before each. Nothing the learner's code does can reach other data.
 */
export interface Space {
  /** What the learner's code gets: both lead through the wiretaps. */
  urls: StoreOptions;
  record: WireRecord;
  mysqlTap: MysqlTap;
  redisTap: RedisTap;
  /** Around the wiretaps. */
  mysql: Connection;
  redis: Redis;
  /** The schema's own URL around the wiretap, with every privilege. */
  adminUrl: string;
  close(): Promise<void>;
}

/** @param privileges what the learner's user may do in the schema, as GRANT has it */
export async function createSpace(engines: EngineUrls, privileges: string): Promise<Space> {
  const undo: (() => Promise<unknown>)[] = [];
  // Backwards, and each step even when another fails, so that nothing is left open.
  const close = async () => {
    for (const step of undo.splice(0).toReversed()) await step().catch(() => {});
  };
  try {
    const upstream = new URL(engines.mysqlUrl);
    const mysql = await createConnection({
      uri: engines.mysqlUrl,
      supportBigNumbers: true,
      bigNumberStrings: true,
      timezone: 'Z',
    });
    undo.push(() => mysql.end());
    // What the learner's code may have locked must not hold us up.
    await mysql.query('SET SESSION lock_wait_timeout = 10, SESSION innodb_lock_wait_timeout = 10');
    await dropAbandoned(mysql);
    // Schema and user share the name: 32 characters is MySQL's limit for a user's.
    const name = `${prefix}${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    await mysql.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    undo.push(() => mysql.query(`DROP DATABASE IF EXISTS ${name}`));
    await mysql.query(`CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`);
    undo.push(() => mysql.query(`DROP USER IF EXISTS '${name}'@'%'`));
    await mysql.query(`GRANT ${privileges} ON ${name}.* TO '${name}'@'%'`);
    undo.push(() => endSessions(mysql, name));
    await mysql.changeUser({ database: name });

    const claim = await claimRedisDatabase(engines.redisUrl);
    undo.push(() => claim.release());
    const record = new WireRecord();
    const mysqlTap = await createMysqlTap({
      upstream: { host: upstream.hostname, port: Number(upstream.port || 3306) },
      record,
    });
    undo.push(() => mysqlTap.close());
    const redisUpstream = new URL(engines.redisUrl);
    const redisTap = await createRedisTap({
      upstream: { host: redisUpstream.hostname, port: Number(redisUpstream.port || 6379) },
      ...(redisUpstream.username ? { username: decodeURIComponent(redisUpstream.username) } : {}),
      ...(redisUpstream.password ? { password: decodeURIComponent(redisUpstream.password) } : {}),
      database: claim.database,
      record,
    });
    undo.push(() => redisTap.close());

    const admin = new URL(engines.mysqlUrl);
    admin.pathname = `/${name}`;
    return {
      urls: {
        mysqlUrl: mysqlTap.url(`mysql://${name}:${password}@${upstream.host}/${name}`),
        redisUrl: redisTap.url(`redis://${redisUpstream.host}`),
      },
      record,
      mysqlTap,
      redisTap,
      mysql,
      redis: claim.redis,
      adminUrl: admin.href,
      close,
    };
  } catch (error) {
    await close();
    throw isDenied(error) ? new SpaceError(neededPrivileges, { cause: error }) : error;
  }
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
async function endSessions(mysql: Connection, user: string): Promise<void> {
  const [sessions] = await mysql.query<RowDataPacket[]>(
    'SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ?',
    [user],
  );
  for (const { ID } of sessions) await mysql.query(`KILL ${Number(ID)}`).catch(() => {});
}

async function dropAbandoned(mysql: Connection): Promise<void> {
  const [schemas] = await mysql.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [
    `${prefix.replaceAll('_', '\\_')}%`,
  ]);
  for (const row of schemas) {
    const name = String(Object.values(row)[0]);
    const madeAt = Number.parseInt(name.slice(prefix.length), 36);
    if (Date.now() - madeAt <= abandonedAfterMs) continue;
    await mysql.query(`DROP DATABASE IF EXISTS \`${name}\``);
    await mysql.query(`DROP USER IF EXISTS '${name}'@'%'`);
  }
}
