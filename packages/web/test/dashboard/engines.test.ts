import { cacheClientOptions } from '@workshop/cache';
import { throwawayCluster, throwawayRedis } from '@workshop/engines/throwaway';
import { Cluster, Redis } from 'ioredis';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { createAskMysql } from '../../src/dashboard/ask-mysql.ts';
import { createAskRedis } from '../../src/dashboard/ask-redis.ts';
import type { KeyReport } from '../../src/dashboard/sample.ts';
import { MysqlArticles } from '../../src/store/mysql-articles.ts';

const never = new AbortController().signal;

/** A Redis of the test's own: what is counted is of the whole server. */
async function ownRedis(config: Record<string, string> = {}) {
  const server = await throwawayRedis({ config });
  const redis = new Redis(server.url, { ...cacheClientOptions, lazyConnect: true });
  redis.on('error', () => {});
  await redis.connect();
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  return { server, redis };
}

async function whenComplete(ask: () => Promise<{ keys: KeyReport }>): Promise<KeyReport> {
  return await vi.waitFor(
    async () => {
      const { keys } = await ask();
      expect(keys.complete).toBe(true);
      return keys;
    },
    { timeout: 20_000, interval: 1 },
  );
}

describe('Redis', () => {
  it('tells its memory, limit, evictions and clients', async () => {
    const { redis } = await ownRedis({ maxmemory: '3mb', 'maxmemory-policy': 'allkeys-lru' });
    const ask = createAskRedis(redis);
    const before = await ask(never);
    expect(before).toMatchObject({ maxMemoryBytes: 3 * 1_024 * 1_024, evictedKeys: 0, connectedClients: 1 });
    expect(before.usedMemoryBytes).toBeGreaterThan(100_000);
    for (let key = 0; key < 400; key++) await redis.set(`k:${key}`, 'x'.repeat(20_000));
    expect((await ask(never)).evictedKeys).toBeGreaterThan(0);
  });

  it('counts keys by how they begin, with the least and the most time that they have', async () => {
    const { redis } = await ownRedis();
    await redis.set('articles:search:a', 1, 'EX', 100);
    await redis.set('articles:search:b', 1, 'EX', 200);
    await redis.set('articles:search:c', 1);
    await redis.set('articles:7', 1, 'EX', 50);
    await redis.set('session:x', 1, 'EX', 60);
    const report = await whenComplete(() => createAskRedis(redis, { keyPrefix: 'articles' })(never));
    expect(report.total).toBe(5);
    const [search, ...others] = report.groups;
    expect(search).toMatchObject({ name: 'articles:search:', keys: 3, lasting: 1 });
    expect(search?.leastTtlMs).toBeGreaterThan(60_000);
    expect(search?.leastTtlMs).toBeLessThanOrEqual(100_000);
    expect(search?.mostTtlMs).toBeGreaterThan(160_000);
    expect(others.map(({ name, keys }) => [name, keys])).toEqual([
      ['articles:', 1],
      ['session:', 1],
    ]);
  });

  it('goes by the first word without a prefix, cuts long names, and puts small groups together', async () => {
    const { redis } = await ownRedis();
    for (let group = 0; group < 14; group++) {
      for (let key = group; key < 15; key++) await redis.set(`g${group}:${key}`, 1);
    }
    await redis.set(`${'long'.repeat(30)}:1`, 1);
    await redis.set('<b>:1', 1);
    const { groups } = await whenComplete(() => createAskRedis(redis)(never));
    expect(groups).toHaveLength(11);
    expect(groups[0]).toMatchObject({ name: 'g0:', keys: 15 });
    expect(groups.at(-1)?.name).toBe('all others');
    expect(groups.reduce((sum, { keys }) => sum + keys, 0)).toBe(121);
    for (const { name } of groups) expect(name.length).toBeLessThanOrEqual(41);
  });

  it('looks at no more than about 500 keys a time, and says so of a larger database', async () => {
    const { redis } = await ownRedis();
    await redis.eval("for i = 1, 12000 do redis.call('SET', 'k:' .. i, 'x') end", 0);
    const ask = createAskRedis(redis);
    const calls = async () =>
      Number(/cmdstat_pttl:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
    const { keys } = await ask(never);
    expect(keys).toMatchObject({ total: 12_000, complete: false });
    expect(keys.groups[0]?.keys).toBeGreaterThan(300);
    expect(await calls()).toBeLessThan(1_000);
    for (let times = 0; times < 14; times++) await ask(never);
    const later = await ask(never);
    expect(later.keys.complete).toBe(false);
    expect(later.keys.groups[0]?.keys).toBeGreaterThanOrEqual(5_000);
    expect(later.keys.groups[0]?.keys).toBeLessThan(6_000);
  });

  it('is away when it is, and counts anew when it is back', async () => {
    const { server, redis } = await ownRedis();
    const ask = createAskRedis(redis);
    await redis.set('a:1', 1);
    await whenComplete(() => ask(never));
    await server.kill('SIGKILL');
    await vi.waitFor(() => expect(ask(never)).rejects.toThrow(), { timeout: 20_000 });
    await server.restart();
    const report = await vi.waitFor(() => whenComplete(() => ask(never)), { timeout: 20_000 });
    expect(report.groups).toEqual([]);
  });

  it('is the sum of the primaries, when it is a cluster', async () => {
    const made = await throwawayCluster();
    const { hostname, port, password } = new URL(made.nodes[0]?.url ?? '');
    const cluster = new Cluster([{ host: hostname, port: Number(port) }], { redisOptions: { password } });
    onTestFinished(async () => {
      cluster.disconnect();
      await made.stop();
    });
    for (let key = 0; key < 90; key++) await cluster.set(`k:${key}`, 1, 'EX', 100);
    const ask = createAskRedis(cluster);
    const report = await whenComplete(() => ask(never));
    expect(report).toMatchObject({ total: 90, groups: [{ name: 'k:', keys: 90, lasting: 0 }] });
    expect((await ask(never)).usedMemoryBytes).toBeGreaterThan(3_000_000);
  });
});

describe('MySQL', () => {
  it('tells the statements it was sent, but for those that asked', async () => {
    const mysql = new MysqlArticles({ url: inject('mysqlUrl'), connections: 1, timeoutMs: 20_000 });
    onTestFinished(() => mysql.close());
    const ask = createAskMysql(mysql);
    // Others use this server, too: between some two of many questions, none of them does.
    await vi.waitFor(
      async () => {
        const before = await ask();
        expect((await ask()).questions - before.questions).toBe(0);
      },
      { timeout: 20_000, interval: 1 },
    );
    const before = await ask();
    for (let times = 0; times < 20; times++) await mysql.use((connection) => connection.query('SELECT 1'));
    expect((await ask()).questions - before.questions).toBeGreaterThanOrEqual(20);
  });
});
