import { randomBytes } from 'node:crypto';
import { throwawayCluster, throwawayRedis } from '@workshop/engines/throwaway';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import type { Credentials } from '../../src/config/index.ts';
import { readConfig } from '../../src/config/index.ts';
import { SecretUnchangedError } from '../../src/store/login.ts';
import { MysqlPool } from '../../src/store/mysql-pool.ts';
import { connectRedis } from '../../src/store/redis-client.ts';
import type { FakeAws } from '../config/fake-aws.ts';
import { useFakeAws } from '../config/fake-aws.ts';
import { startDemo, textOf, useArticles } from '../support.ts';

const database = useArticles();

const GENEROUS = { timeout: 20_000 };

/** A MySQL user whose password is in a secret of a stack, and a pool that has got it from there. */
async function rotatingMysql() {
  const aws = await useFakeAws();
  const url = new URL(inject('mysqlUrl'));
  const admin = await createConnection(url.href);
  const user = `rotated_${randomBytes(4).toString('hex')}`;
  await admin.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'the-first'`);
  onTestFinished(async () => {
    await admin.query(`DROP USER '${user}'@'%'`);
    await admin.end();
  });
  aws.stacks.set('WorkshopStack', { outputs: { secretname: 'workshop/db', mysqlendpoint: url.host } });
  const setSecret = (password: string) =>
    aws.secrets.set(
      'workshop/db',
      JSON.stringify({ username: user, password, dbname: 'information_schema' }),
    );
  setSecret('the-first');
  const config = await readConfig(
    { WORKSHOP_STACK: 'WorkshopStack', REDIS_URL: 'redis://localhost', MYSQL_TLS: 'off' },
    { engines: {} },
  );
  const pool = new MysqlPool({
    url: config.mysqlUrl,
    secret: config.mysqlSecret,
    connections: 4,
    queueLimit: 80,
    connectTimeoutMs: 20_000,
  });
  onTestFinished(() => pool.end());
  return { aws, admin, user, pool, setSecret };
}

/** The articles' database, for a user whose password was another when the demo started. */
async function rotated() {
  const admin = await createConnection(database.mysqlUrl);
  const user = `rotated_${randomBytes(4).toString('hex')}`;
  const before = { user, password: 'it-was-this' };
  const now = { user, password: 'it-is-that' };
  await admin.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${now.password}'`);
  await admin.query(`GRANT SELECT ON ${new URL(database.mysqlUrl).pathname.slice(1)}.* TO '${user}'@'%'`);
  onTestFinished(async () => {
    await admin.query(`DROP USER '${user}'@'%'`);
    await admin.end();
  });
  const url = new URL(database.mysqlUrl);
  Object.assign(url, { username: before.user, password: before.password });
  const read = vi.fn<() => Promise<Credentials>>();
  return { secret: { name: 'workshop/db', read, before, now }, url: url.href };
}

/** One request: its connection is not used again, so that each begins with the password. */
async function request(pool: MysqlPool): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT 1 AS one');
    return rows[0]?.['one'];
  } finally {
    connection.destroy();
  }
}

async function setPassword(admin: Connection, user: string, password: string): Promise<void> {
  await admin.query(`ALTER USER '${user}'@'%' IDENTIFIED BY '${password}'`);
}

const secretReads = ({ requests }: FakeAws) =>
  requests.filter((each) => each.startsWith('GetSecretValue')).length;

describe('the password of MySQL', () => {
  it('may be rotated under requests, none of which fails', async () => {
    const { aws, admin, user, pool, setSecret } = await rotatingMysql();
    let done = 0;
    const failures: unknown[] = [];
    const over = new AbortController();
    const callers = Array.from({ length: 16 }, async () => {
      // The first that fails ends all of them.
      while (!over.signal.aborted && failures.length === 0) {
        await request(pool).then(
          () => (done += 1),
          (error: unknown) => failures.push(error),
        );
      }
    });
    const more = async (count: number) => {
      const wanted = done + count;
      await vi.waitFor(() => expect(failures.length > 0 || done >= wanted).toBe(true), GENEROUS);
    };
    try {
      await more(100);
      setSecret('the-second');
      await setPassword(admin, user, 'the-second');
      await more(200);
    } finally {
      over.abort();
      await Promise.all(callers);
    }
    expect(failures).toEqual([]);
    // Once at the start, and once for all that were refused.
    expect(secretReads(aws)).toBe(2);
  });

  it('is asked for once, and the error stays, while its secret does not change', async () => {
    const { aws, admin, user, pool } = await rotatingMysql();
    await setPassword(admin, user, 'only-mysql-knows');
    const requests = Array.from({ length: 12 }, () => request(pool));
    for (const outcome of await Promise.allSettled(requests)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(SecretUnchangedError) });
      expect(JSON.stringify(outcome)).not.toContain('the-first');
    }
    expect(secretReads(aws)).toBe(2);
  });

  it('may have been rotated while nobody asked: those who come next wait for the new one', async () => {
    const { secret, url } = await rotated();
    secret.read.mockResolvedValue(secret.now);
    const { get } = await startDemo({ mysqlUrl: url, mysqlSecret: secret, mysqlConnections: 4 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => get('/api/articles?source=mysql&term=zebra')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect(secret.read).toHaveBeenCalledTimes(1);
  });

  it('is told to be wrong, without the secret, when there is no newer one', async () => {
    const { secret, url } = await rotated();
    secret.read.mockResolvedValue(secret.before);
    const { get, log } = await startDemo({ mysqlUrl: url, mysqlSecret: secret });
    const response = await get('/query_mysql');
    expect(response.status).toBe(503);
    const text = textOf(await response.text());
    expect(text).toContain('MySQL does not let this demo in');
    expect(text).not.toContain('workshop/db');
    expect(log.join('')).toContain('the secret workshop/db, which has not changed');
    expect(text + log.join('')).not.toContain(secret.before.password);
  });

  it('is not asked for again when it came from the environment', async () => {
    const url = new URL(inject('mysqlUrl'));
    url.password = 'wrong';
    const pool = new MysqlPool({ url: url.href, connections: 1, queueLimit: 20, connectTimeoutMs: 20_000 });
    onTestFinished(() => pool.end());
    await expect(request(pool)).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
  });
});

describe('the password of Redis', () => {
  it('may be rotated: the client that is refused connects with the new one', async () => {
    const redis = await throwawayRedis({ acl: { user: 'app', password: 'the-first', keyPattern: '*' } });
    onTestFinished(() => redis.stop());
    const read = vi.fn<() => Promise<Credentials>>();
    const { client, disconnect } = connectRedis({
      url: redis.userUrl,
      secret: { name: 'workshop/cache', read },
    });
    onTestFinished(disconnect);
    await vi.waitFor(async () => expect(await client.ping()).toBe('PONG'), GENEROUS);
    const refused: string[] = [];
    client.on('error', (error: Error) => refused.push(error.message));

    read.mockResolvedValue({ user: 'app', password: 'the-second' });
    await redis.ask('ACL', 'SETUSER', 'app', 'resetpass', '>the-second');
    // Who is connected stays so.
    expect(await client.ping()).toBe('PONG');
    await redis.ask('CLIENT', 'KILL', 'USER', 'app');
    await vi.waitFor(() => expect(refused.join()).toContain('WRONGPASS'), GENEROUS);
    await vi.waitFor(async () => expect(await client.ping()).toBe('PONG'), GENEROUS);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('tells that the secret has not changed, and goes on trying', async () => {
    const redis = await throwawayRedis();
    onTestFinished(() => redis.stop());
    const [url, right] = [new URL(redis.url), new URL(redis.url).password];
    url.password = 'wrong';
    const read = vi.fn<() => Promise<Credentials>>();
    read.mockResolvedValue({ user: '', password: 'wrong' });
    const told: unknown[] = [];
    const secret = { name: 'workshop/cache', read };
    const { client, disconnect } = connectRedis({
      url: url.href,
      secret,
      onSecretError: (error) => told.push(error),
    });
    onTestFinished(disconnect);
    const refused = vi.fn<() => void>();
    client.on('error', refused);
    await vi.waitFor(() => expect(refused.mock.calls.length).toBeGreaterThan(3), GENEROUS);
    expect(told).toHaveLength(1);
    expect(String(told[0])).toMatch(
      /Redis refuses the user and password of the secret workshop\/cache, which has not changed/,
    );
    expect(String(told)).not.toContain(right);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is renewed on a cluster too', async () => {
    const cluster = await throwawayCluster();
    onTestFinished(() => cluster.stop());
    const { host, port } = cluster.nodes[0] ?? { host: '', port: 0 };
    const { password } = cluster;
    const read = vi.fn<() => Promise<Credentials>>();
    read.mockResolvedValue({ user: '', password });
    const { client, disconnect } = connectRedis({
      url: `redis://:outdated@${host}:${port}`,
      mode: 'cluster',
      secret: { name: 'workshop/cache', read },
    });
    onTestFinished(disconnect);
    await vi.waitFor(async () => expect(await client.set('greeting', 'hello')).toBe('OK'), GENEROUS);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
