import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { throwawayRedis, type ThrowawayOptions, type ThrowawayServer } from '../../src/throwaway/index.ts';
import { isAlive } from '../support.ts';

async function start(options?: ThrowawayOptions): Promise<ThrowawayServer> {
  const server = await throwawayRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

/** A client that tries nothing twice, closed with the test. */
function client(url: string, tls?: { ca: string }): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
    ...(tls && { tls }),
  });
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

describe('a throwaway server', () => {
  test('listens on 127.0.0.1 with a password of its own, and saves nothing', async () => {
    const server = await start();
    expect(server.url).toMatch(/^redis:\/\/:[\w-]{24}@127\.0\.0\.1:\d+\/0$/);
    expect(server.userUrl).toBe(server.url);
    expect(await server.ask('CONFIG', 'GET', 'bind')).toEqual(['bind', '127.0.0.1']);
    await expect(client(`redis://127.0.0.1:${server.port}`).get('key')).rejects.toThrow('NOAUTH');
    await server.ask('SET', 'key', 'value');
    await server.kill('SIGTERM');
    expect(await readdir(server.dataDir)).toEqual([]);
    expect((await stat(path.dirname(server.dataDir))).mode & 0o777).toBe(0o700);
  });

  test('is killed, and started again on the same port, empty', async () => {
    const server = await start();
    const redis = client(server.url);
    await redis.set('key', 'value');
    const { pid, url } = server;
    expect(await server.kill('SIGKILL')).toBe(true);
    expect(server.pid).toBeUndefined();
    expect(await isAlive(pid!)).toBe(false);
    await expect(server.ask('PING')).rejects.toThrow('ECONNREFUSED');
    expect(await server.kill('SIGKILL')).toBe(false);

    await server.restart();
    expect(server.url).toBe(url);
    expect(server.pid).not.toBe(pid);
    expect(await server.ask('GET', 'key')).toBeNull();
  });

  test('restarts when it runs, too', async () => {
    const server = await start();
    const { pid } = server;
    await server.restart();
    expect(await isAlive(pid!)).toBe(false);
    expect(await server.ask('PING')).toBe('PONG');
  });

  test('restarts as often as it is told to, and keeps nothing of it', async () => {
    const server = await start();
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.name);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    for (let times = 0; times < 12; times += 1) await server.restart();
    expect(await server.ask('PING')).toBe('PONG');
    expect(warnings).toEqual([]);
  });

  test('is started again after somebody else has killed it', async () => {
    const server = await start();
    process.kill(server.pid!, 'SIGKILL');
    await server.restart();
    expect(await server.ask('PING')).toBe('PONG');
  });

  test('stands still between SIGSTOP and SIGCONT, and then answers what it was asked', async () => {
    const server = await start();
    const redis = client(server.url);
    await redis.ping();
    await server.kill('SIGSTOP');
    let answered = false;
    const answer = redis.incr('counter').finally(() => (answered = true));
    // Another one is started and asked meanwhile: much more than a server that runs needs for its answer.
    expect(await (await start()).ask('PING')).toBe('PONG');
    expect(answered).toBe(false);
    await server.kill('SIGCONT');
    expect(await answer).toBe(1);
  });

  test('is filled, so that it refuses writes and still reads', async () => {
    const server = await start({ maxmemory: '8mb' });
    await server.ask('SET', 'key', 'value');
    await server.fill();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await expect(server.ask('SET', 'other', '')).rejects.toThrow(/^OOM/);
    }
    expect(await server.ask('GET', 'key')).toBe('value');
    await server.ask('FLUSHALL');
    expect(await server.ask('SET', 'other', '')).toBe('OK');
    const limitless = await start({ maxmemory: '0' });
    await expect(limitless.fill()).rejects.toMatchObject({ code: 'settings' });
  });

  test('has a second user, who may do only what is said', async () => {
    const rules = ['+get', '+set', 'resetchannels'];
    const server = await start({ acl: { user: 'cache', password: 'p@ss:word', keyPattern: 'a:*', rules } });
    const redis = client(server.userUrl);
    expect(await redis.set('a:1', 'value')).toBe('OK');
    expect(await redis.get('a:1')).toBe('value');
    await expect(redis.get('b:1')).rejects.toThrow('NOPERM');
    await expect(redis.unlink('a:1')).rejects.toThrow('NOPERM');
    expect(await server.ask('EXISTS', 'a:1')).toBe(1);
  });

  test('speaks TLS alone, with a certificate that its client trusts and no other does', async () => {
    const server = await start({ tls: true });
    expect(server.url).toMatch(/^rediss:/);
    expect(await client(server.url, { ca: server.ca! }).ping()).toBe('PONG');
    const stranger = client(server.url);
    const refusal = new Promise((resolve) => stranger.once('error', resolve));
    await expect(stranger.ping()).rejects.toThrow();
    expect(await refusal).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await expect(client(server.url.replace('rediss:', 'redis:')).ping()).rejects.toThrow();
    await server.restart();
    expect(await server.ask('PING')).toBe('PONG');
  });

  test('that cannot start says why, in the words of its log, and leaves nothing', async () => {
    await expect(throwawayRedis({ config: { 'no-such-directive': '1' } })).rejects.toMatchObject({
      name: 'EngineError',
      code: 'start-failed',
      message: expect.stringContaining('no-such-directive'),
    });
  });

  test('is gone when it is stopped, with its folder, whatever state it is in', async () => {
    for (const before of ['running', 'SIGSTOP', 'SIGKILL'] as const) {
      const server = await throwawayRedis();
      const { pid } = server;
      if (before !== 'running') await server.kill(before);
      await server.stop();
      await server.stop();
      expect(await isAlive(pid!)).toBe(false);
      await expect(stat(path.dirname(server.dataDir))).rejects.toThrow('ENOENT');
    }
  });
});

describe('ten at once', () => {
  let servers: ThrowawayServer[];
  beforeAll(async () => {
    servers = await Promise.all(Array.from({ length: 10 }, () => throwawayRedis()));
    return async () => {
      await Promise.all(servers.map((server) => server.stop()));
    };
  });

  test('have each their own port, password and data', async () => {
    await Promise.all(servers.map((server, index) => server.ask('SET', 'key', index)));
    const values = await Promise.all(servers.map((server) => server.ask('GET', 'key')));
    expect(values).toEqual(servers.map((_, index) => String(index)));
    expect(new Set(servers.map(({ url }) => new URL(url).password)).size).toBe(10);
  });
});
