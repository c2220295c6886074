import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { testKeyPrefix } from '@workshop/engines/test-space';
import { describe, expect, inject, it } from 'vitest';
import { createMysqlTap, createRedisTap, WireRecord } from '../src/index.ts';
import { mysqlClient, redisClient } from './support/clients.ts';
import { RawClient } from './support/raw-client.ts';
import { mysqlTap, redisTap, redisUpstream } from './support/taps.ts';

describe('a tap', () => {
  it('listens on a free port of 127.0.0.1, and makes URLs that lead there', async () => {
    const tap = await redisTap();
    expect(tap.host).toBe('127.0.0.1');
    const { port } = tap;
    expect(tap.url('redis://:p%40ss@db.example:6379/3?family=6')).toBe(
      `redis://:p%40ss@127.0.0.1:${port}/3?family=6`,
    );
    expect(tap.url('mysql://me:secret@localhost/shop')).toBe(`mysql://me:secret@127.0.0.1:${port}/shop`);
    expect(tap.url('redis://[::1]:6379')).toBe(`redis://127.0.0.1:${port}`);
  });

  it('writes into one list with another that has the same record', async () => {
    const record = new WireRecord();
    const redis = redisClient(await redisTap({ record }));
    await redis.ping();
    const mysql = await mysqlClient(await mysqlTap({ record }), inject('mysqlUrl'));
    await redis.echo('between');
    await mysql.query('SELECT 1');
    const told = record.events.filter(({ kind }) => kind === 'command' || kind === 'query').slice(-3);
    expect(told).toMatchObject([
      { name: 'PING' },
      { name: 'ECHO', connection: 1 },
      { sql: 'SELECT 1', connection: 2 },
    ]);
    expect(record.events.map(({ seq }) => seq)).toEqual(record.events.map((_, index) => index));
    for (const [before, after] of record.events
      .slice(1)
      .map((event, index) => [record.events[index]!, event] as const)) {
      expect(after.startedAt).toBeGreaterThanOrEqual(before.startedAt);
    }
  });

  it('counts the connections that are open', async () => {
    const tap = await redisTap();
    const clients = [redisClient(tap), redisClient(tap)];
    await Promise.all(clients.map((client) => client.ping()));
    expect(tap.openConnections).toBe(2);
    await clients[0]!.quit();
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    await clients[1]!.ping();
    expect(tap.openConnections).toBe(1);
  });

  it('resets its clients when the store cannot be reached, and records why', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    server.close();
    await once(server, 'close');
    const tap = await redisTap({ upstream: { host: '127.0.0.1', port } });
    const client = new RawClient(tap.port);
    await client.readToEnd();
    expect(client.error).toBe('ECONNRESET');
    const end = await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    expect(end).toMatchObject({ by: 'store', note: expect.stringContaining('ECONNREFUSED') });
  });

  it('passes 64 MB to a client that reads in fits and starts, and keeps little of it', async () => {
    const key = testKeyPrefix();
    const tap = await redisTap();
    const sender = redisClient(tap);
    const size = 64 * 1024 * 1024;
    const value = Buffer.alloc(size, 'a value of some length ');
    await sender.set(key, value, 'EX', 60);
    const client = new RawClient(tap.port);
    client.write(`GET ${key}\r\n`);
    await client.readThrough('\r\n');
    client.pause();
    await sender.ping();
    client.resume();
    const received = await client.read(size);
    expect(createHash('sha256').update(received).digest('hex')).toBe(
      createHash('sha256').update(value).digest('hex'),
    );
    expect(tap.record.keptBytes).toBeLessThan(1024 * 1024);
    await sender.del(key);
  });

  it.each([
    ['upstream.port', { upstream: { host: 'localhost', port: 0 } }],
    ['upstream.host', { upstream: { host: '', port: 1 } }],
    ['database', { upstream: { host: 'localhost', port: 1 }, database: -1 }],
    ['username', { upstream: { host: 'localhost', port: 1 }, username: 'me' }],
  ])('refuses an option that cannot work: %s', async (option, options) => {
    await expect(createRedisTap(options)).rejects.toMatchObject({ name: 'WiretapOptionError', option });
  });
});

describe('close', () => {
  it('ends every connection, and may be called again', async () => {
    const { host, port } = redisUpstream();
    const tap = await createRedisTap({ upstream: { host, port } });
    const clients = [new RawClient(tap.port), new RawClient(tap.port)];
    await tap.record.waitFor(({ connection }) => connection === 2, { timeoutMs: 10_000 });
    await tap.close();
    await Promise.all(clients.map((client) => client.readToEnd()));
    expect(tap.openConnections).toBe(0);
    await tap.close();
    const late = new RawClient(tap.port);
    await late.readToEnd();
    expect(late.error).toBe('ECONNREFUSED');
  });

  it('tells of weather whose match was broken, once all is closed', async () => {
    const tap = await createMysqlTap({ upstream: { host: '127.0.0.1', port: 1 } });
    tap.weather.hang(() => {
      throw new Error('a mistake');
    });
    const client = new RawClient(tap.port);
    await client.readToEnd();
    await expect(tap.close()).rejects.toMatchObject({
      name: 'WeatherMatchError',
      cause: { message: 'a mistake' },
    });
    expect(tap.openConnections).toBe(0);
  });

  it('leaves nothing behind that keeps a process alive', async () => {
    const program = fileURLToPath(new URL('support/short-life.ts', import.meta.url));
    const tsx = createRequire(import.meta.url).resolve('tsx');
    const args = ['--import', tsx, program, inject('mysqlUrl'), inject('redisUrl')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect(output).toBe('closed after some events\n');
    expect(code).toBe(0);
  });
});
