import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { throwawayRedis } from '@workshop/engines/throwaway';
import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { MysqlPool } from '../../src/store/mysql-pool.ts';
import { connectRedis } from '../../src/store/redis-client.ts';
import { startDemo, textOf } from '../support.ts';
import { makeCertificate } from './certificate.ts';
import { useFakeAws } from './fake-aws.ts';
import { mysqlServer, privateMysql } from './private-mysql.ts';

function poolOf({ mysqlUrl, mysqlTls, mysqlSecret }: Config): MysqlPool {
  const options = { connections: 2, queueLimit: 40, connectTimeoutMs: 20_000 };
  const pool = new MysqlPool({ url: mysqlUrl, tls: mysqlTls, secret: mysqlSecret, ...options });
  onTestFinished(() => pool.end());
  return pool;
}

async function cipherOf(pool: MysqlPool): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    const [rows] = await connection.query<RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    return rows[0]?.['Value'];
  } finally {
    connection.release();
  }
}

function clientOf({ redisUrl, redisTls, redisSecret, redisMode }: Config) {
  const redis = connectRedis({ url: redisUrl, tls: redisTls, secret: redisSecret, mode: redisMode });
  const errors: string[] = [];
  redis.client.on('error', (error: Error) =>
    errors.push(`${'code' in error ? String(error.code) : ''} ${error.message}`),
  );
  onTestFinished(() => redis.disconnect());
  return { client: redis.client, errors };
}

/** A PEM file that is gone after the test. */
async function pemFile(pem: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'web-pem-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'ca.pem');
  await writeFile(file, pem);
  return file;
}

describe.skipIf(mysqlServer === undefined)('MySQL over TLS', () => {
  it('is encrypted, and its certificate checked against MYSQL_CA', async () => {
    const certificate = await makeCertificate({ name: 'localhost', ip: '127.0.0.1' });
    const { port, user, password } = await privateMysql(certificate);
    const login = `${user}:${encodeURIComponent(password)}`;
    const at = (host: string, env: Record<string, string>) =>
      readConfig({
        MYSQL_URL: `mysql://${login}@${host}:${port}/workshop`,
        REDIS_URL: 'redis://localhost',
        ...env,
      });
    const trusted = { MYSQL_CA: certificate.certFile };

    expect(await cipherOf(poolOf(await at('localhost', trusted)))).toMatch(/^(TLS_|ECDHE)/);
    expect(await cipherOf(poolOf(await at('127.0.0.1', trusted)))).toMatch(/^(TLS_|ECDHE)/);
    // Node's own authorities did not sign it.
    await expect(cipherOf(poolOf(await at('localhost', { MYSQL_TLS: 'verify' })))).rejects.toMatchObject({
      code: 'HANDSHAKE_SSL_ERROR',
      message: 'self-signed certificate',
    });
    // Without TLS this user is not let in.
    await expect(cipherOf(poolOf(await at('localhost', { MYSQL_TLS: 'off' })))).rejects.toMatchObject({
      code: 'ER_ACCESS_DENIED_ERROR',
    });
  });

  it('is refused when its certificate is for another name', async () => {
    const certificate = await makeCertificate({ name: 'db.example' });
    const { port, user, password } = await privateMysql(certificate);
    const config = await readConfig({
      MYSQL_URL: `mysql://${user}:${encodeURIComponent(password)}@localhost:${port}/workshop`,
      REDIS_URL: 'redis://localhost',
      MYSQL_CA: certificate.certFile,
    });
    await expect(cipherOf(poolOf(config))).rejects.toMatchObject({
      code: 'HANDSHAKE_SSL_ERROR',
      message: expect.stringMatching(/^Hostname\/IP does not match/),
    });
  });

  it('is what a stack leads to, as is the cache', async () => {
    const aws = await useFakeAws();
    const certificate = await makeCertificate({ name: 'localhost', ip: '127.0.0.1' });
    const mysql = await privateMysql(certificate);
    const redis = await throwawayRedis({ tls: true });
    onTestFinished(() => redis.stop());
    aws.stacks.set('WorkshopStack', {
      outputs: {
        secretname: 'workshop/db',
        mysqlendpoint: `localhost:${mysql.port}`,
        redisendpoint: `localhost:${redis.port}`,
        redissecretname: 'workshop/cache',
      },
    });
    aws.secrets.set('workshop/db', JSON.stringify({ username: mysql.user, password: mysql.password }));
    aws.secrets.set('workshop/cache', JSON.stringify({ password: new URL(redis.url).password }));
    const REDIS_CA = await pemFile(redis.ca ?? '');
    const stack = { WORKSHOP_STACK: 'WorkshopStack', MYSQL_CA: certificate.certFile, REDIS_CA };

    const config = await readConfig(stack, { engines: {} });
    expect(await cipherOf(poolOf(config))).toMatch(/^(TLS_|ECDHE)/);
    const { client } = clientOf(config);
    await vi.waitFor(async () => expect(await client.ping()).toBe('PONG'), { timeout: 20_000 });

    // Amazon's own authorities, which a stack's database has by default, did not sign this one.
    const { MYSQL_CA: _, ...byDefault } = stack;
    const strict = await readConfig(byDefault, { engines: {} });
    await expect(cipherOf(poolOf(strict))).rejects.toMatchObject({ code: 'HANDSHAKE_SSL_ERROR' });
  });
});

describe('MySQL without TLS', () => {
  it('is refused when it is to be verified', async () => {
    const config = await readConfig({
      MYSQL_URL: inject('mysqlUrl'),
      REDIS_URL: 'redis://localhost',
      MYSQL_TLS: 'verify',
    });
    await expect(cipherOf(poolOf(config))).rejects.toMatchObject({
      code: expect.stringMatching(
        /^(HANDSHAKE_NO_SSL_SUPPORT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)$/,
      ),
    });
  });

  it('is said to prove nothing, on a page that says what to look at', async () => {
    const { get } = await startDemo({ mysqlUrl: inject('mysqlUrl'), mysqlTls: {} });
    const response = await get('/query_mysql');
    expect(response.status).toBe(503);
    const text = textOf(await response.text());
    expect(text).toContain('MySQL does not prove who it is');
    expect(text).toContain('MYSQL_CA');
  });
});

describe('Redis over TLS', () => {
  it('is encrypted, and its certificate checked against REDIS_CA', async () => {
    const redis = await throwawayRedis({ tls: true });
    onTestFinished(() => redis.stop());
    const env = { MYSQL_URL: 'mysql://u:p@localhost/d', REDIS_URL: redis.url };
    const { client } = clientOf(await readConfig({ ...env, REDIS_CA: await pemFile(redis.ca ?? '') }));
    await vi.waitFor(async () => expect(await client.ping()).toBe('PONG'), { timeout: 20_000 });

    const untrusting = clientOf(await readConfig(env));
    await vi.waitFor(() => expect(untrusting.errors.join()).toContain('DEPTH_ZERO_SELF_SIGNED_CERT'), {
      timeout: 20_000,
    });
    expect(untrusting.client.status).not.toBe('ready');
  });
});
