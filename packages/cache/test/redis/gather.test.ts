import { enginesUp } from '@workshop/engines';
import type { RedisEvent } from '@workshop/wiretap';
import calculateSlot from 'cluster-key-slot';
import type { Redis } from 'ioredis';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CacheRedisError, cacheClientOptions, createCache } from '../../src/index.ts';
import { ReadGather } from '../../src/redis/gather.ts';
import { RedisLink } from '../../src/redis/link.ts';
import { makeTappedCache, testPrefix } from '../support.ts';
import { UNHURRIED } from '../support-time.ts';

/** A gatherer on the real Redis, with a look at what it sends. */
async function makeGather(keys: Record<string, string> = {}) {
  const { tap, client, redis, prefix, cache } = await makeTappedCache(UNHURRIED);
  const name = (key: string) => `${prefix}:${key}`;
  for (const [key, value] of Object.entries(keys)) await redis.set(name(key), value, 'PX', 60_000);
  // The client is ready.
  await cache.get('warm');
  const mark = tap.record.mark();
  const sent = () =>
    tap.record
      .since(mark)
      .filter((event): event is RedisEvent => event.store === 'redis' && event.kind === 'command')
      .map((event) => [
        event.name,
        ...(event.args ?? []).map((arg) => String(arg).replace(`${prefix}:`, '')),
      ]);
  const gather = new ReadGather(new RedisLink({ client, timeoutMs: 20_000 }));
  const read = (key: string, wantsTtl = false) => gather.read(name(key), { wantsTtl });
  return { read, sent, tap, redis, name };
}

const text = (stored: { bytes: Buffer } | null) => stored && stored.bytes.toString();

describe('the reads of one turn', () => {
  it('go out as one MGET, whoever asks, from wherever in the turn', async () => {
    const { read, sent } = await makeGather({ a: '1', b: '2', c: '' });
    const late = Promise.resolve()
      .then(() => {})
      .then(() => read('c'));
    const replies = await Promise.all([read('a'), read('b'), read('none'), late]);
    expect(replies.map(text)).toEqual(['1', '2', null, '']);
    expect(sent()).toEqual([['MGET', 'a', 'b', 'none', 'c']]);
  });

  it('of one key are sent once, and all get the same', async () => {
    const { read, sent } = await makeGather({ a: '1', b: '2' });
    const replies = await Promise.all([read('a'), read('b'), read('a'), read('a')]);
    expect(replies.map(text)).toEqual(['1', '2', '1', '1']);
    expect(sent()).toEqual([['MGET', 'a', 'b']]);
  });

  it('that are of one key only are a GET', async () => {
    const { read, sent } = await makeGather({ a: '1' });
    const replies = await Promise.all([read('a'), read('a')]);
    expect(replies.map(text)).toEqual(['1', '1']);
    expect(sent()).toEqual([['GET', 'a']]);
  });

  it('are not those of the next', async () => {
    const { read, sent } = await makeGather({ a: '1', b: '2' });
    await read('a');
    await Promise.all([read('a'), read('b')]);
    expect(sent()).toEqual([
      ['GET', 'a'],
      ['MGET', 'a', 'b'],
    ]);
  });

  it('are at most 32 a command', async () => {
    const { read, sent } = await makeGather({
      'key:0': 'first',
      'key:31': 'one',
      'key:32': 'two',
      'key:69': 'last',
    });
    const replies = await Promise.all(Array.from({ length: 70 }, (_, index) => read(`key:${index}`)));
    expect([0, 31, 32, 69, 1].map((index) => text(replies[index] ?? null))).toEqual([
      'first',
      'one',
      'two',
      'last',
      null,
    ]);
    expect(sent().map(([name, ...keys]) => [name, keys.length, keys[0]])).toEqual([
      ['MGET', 32, 'key:0'],
      ['MGET', 32, 'key:32'],
      ['MGET', 6, 'key:64'],
    ]);
  });

  it('tell the time left to those who ask, in the same round trip', async () => {
    const { read, sent, redis, name } = await makeGather({ a: '1', b: '2' });
    await redis.persist(name('b'));
    const alone = await read('a', true);
    expect(alone?.ttlMs).toBeGreaterThan(0);
    expect(alone?.ttlMs).toBeLessThanOrEqual(60_000);
    const [a, b, none, plain] = await Promise.all([
      read('a', true),
      read('b', true),
      read('none', true),
      read('a'),
    ]);
    expect(a?.ttlMs).toBeGreaterThan(0);
    expect(b).toEqual({ bytes: Buffer.from('2'), ttlMs: undefined });
    expect(none).toBeNull();
    expect(text(plain ?? null)).toBe('1');
    expect(sent().slice(0, 2)).toEqual([
      ['GET', 'a'],
      ['PTTL', 'a'],
    ]);
    expect(sent().slice(2)).toEqual([
      ['MGET', 'a', 'b', 'none'],
      ['PTTL', 'a'],
      ['PTTL', 'b'],
      ['PTTL', 'none'],
    ]);
  });

  it('all fail with the one command, and the next turn is a new one', async () => {
    const { read, tap } = await makeGather({ a: '1' });
    const spell = tap.weather.fail(
      ({ name }) => name === 'MGET',
      'LOADING Redis is loading the dataset in memory',
    );
    const settled = await Promise.allSettled([read('a'), read('b'), read('b')]);
    for (const result of settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { fault: 'reply', command: 'MGET' } });
    }
    expect(
      settled.every((result) => result.status === 'rejected' && result.reason instanceof CacheRedisError),
    ).toBe(true);
    spell.stop();
    expect((await Promise.all([read('a'), read('b')])).map(text)).toEqual(['1', null]);
  });
});

describe('on a cluster', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    const { clusterUrl = '' } = await enginesUp({ cluster: true });
    const { hostname, port, password } = new URL(clusterUrl);
    cluster = new Cluster([{ host: hostname, port: Number(port) }], {
      redisOptions: { ...cacheClientOptions, password },
    });
    await cluster.ping();
  }, 120_000);
  afterAll(() => cluster.disconnect());

  it('the reads of one turn are one command for each slot', async () => {
    const prefix = testPrefix();
    const keys = [
      ...Array.from({ length: 30 }, (_, index) => `${prefix}:${index}`),
      `${prefix}:{5}:a`,
      `${prefix}:{5}:b`,
    ];
    await Promise.all(keys.map((key) => cluster.set(key, `of ${key}`, 'PX', 60_000)));
    const commands: string[][] = [];
    for (const node of cluster.nodes('master')) spyOn(node, commands);
    const gather = new ReadGather(new RedisLink({ client: cluster, timeoutMs: 20_000 }));
    const replies = await Promise.all(keys.map((key) => gather.read(key)));
    expect(replies.map(text)).toEqual(keys.map((key) => `of ${key}`));
    const asked = commands.filter(([name = '']) => /^m?get$/i.test(name));
    expect(asked.flatMap(([, ...names]) => names).toSorted()).toEqual(keys.toSorted());
    for (const [, ...names] of asked) expect(new Set(names.map((name) => calculateSlot(name))).size).toBe(1);
    expect(asked).toHaveLength(new Set(keys.map((key) => calculateSlot(key))).size);
    expect((await gather.read(keys[0] ?? '', { wantsTtl: true }))?.ttlMs).toBeGreaterThan(0);
    await Promise.all(keys.map((key) => cluster.unlink(key)));
  });

  it('getOrLoadMany reads, loads, tags and invalidates across the slots', async () => {
    const cache = createCache({ ...UNHURRIED, redis: cluster, prefix: testPrefix() });
    onTestFinished(async () => {
      await cache.clear();
      await cache.close();
    });
    const options = { ttlMs: 60_000, key: (id: number) => `row:${id}`, tags: ['rows'] };
    const ids = Array.from({ length: 50 }, (_, id) => id);
    const calls: number[][] = [];
    const loadMany = (missing: number[]) => {
      calls.push(missing);
      return new Map(missing.map((id) => [id, `row ${id}`]));
    };
    for (let round = 0; round < 2; round++) {
      expect([...(await cache.getOrLoadMany(ids, loadMany, options)).keys()]).toEqual(ids);
    }
    expect(calls).toHaveLength(1);
    expect(await cache.invalidateTags(['rows'])).toBe(true);
    await cache.getOrLoadMany(ids, loadMany, options);
    expect(calls.map((missing) => missing.length)).toEqual([50, 50]);
  });
});

/** Notes each command that a node's client is given to send. */
function spyOn(node: Redis, commands: string[][]): void {
  const send = node.sendCommand.bind(node);
  node.sendCommand = (command, ...rest) => {
    commands.push([command.name, ...command.args.map(String)]);
    return send(command, ...rest);
  };
  onTestFinished(() => {
    node.sendCommand = send;
  });
}
