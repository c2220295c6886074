import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { throwawayRedis } from '@workshop/engines/throwaway';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testPrefix } from '../support.ts';
import { cacheClient, connect, isOn, keep, makeNear, readThrough, redisUrl, until } from './support.ts';

/** A near cache that is on, and a connection of somebody else's. */
async function bench(options = {}) {
  const client = cacheClient();
  const made = makeNear({ client, ...options });
  const redis = connect();
  await isOn(made.near);
  return { ...made, client, redis };
}

/** What another process's change looks like to this one: it comes when it comes. */
const isGone = (near: { get(name: string): unknown }, name: string) =>
  until(() => near.get(name) === undefined);

describe('a change by somebody else', () => {
  it.each([
    ['UNLINK', (redis: Redis, name: string) => redis.unlink(name)],
    ['SET', (redis: Redis, name: string) => redis.set(name, 'new')],
    ['PEXPIRE', (redis: Redis, name: string) => redis.pexpire(name, 60_000)],
    ['a script', (redis: Redis, name: string) => redis.eval(`return redis.call('DEL', KEYS[1])`, 1, name)],
    [
      'a transaction',
      (redis: Redis, name: string) => redis.multi().incr(`${name}:other`).unlink(name).exec(),
    ],
    ['RENAME', (redis: Redis, name: string) => redis.rename(name, `${name}:other`)],
  ])('by %s drops the value', async (_how, change) => {
    const { near, prefix, redis, client } = await bench();
    await redis.set(`${prefix}:a`, 'old');
    await redis.set(`${prefix}:b`, 'stays');
    await until(async () => {
      await Promise.all([readThrough(near, client, `${prefix}:a`), readThrough(near, client, `${prefix}:b`)]);
      return near.get(`${prefix}:a`)?.value === 'old' && near.get(`${prefix}:b`)?.value === 'stays';
    });
    await change(redis, `${prefix}:a`);
    await isGone(near, `${prefix}:a`);
    expect(near.get(`${prefix}:b`)?.value).toBe('stays');
    await redis.unlink(`${prefix}:a`, `${prefix}:b`, `${prefix}:a:other`);
  });

  it('drops a key of any characters', async () => {
    const { near, prefix, redis } = await bench();
    const name = `${prefix}:"caffè",\n日本 \u{1f30a}`;
    keep(near, name, 1);
    await redis.set(name, 'x');
    await isGone(near, name);
    await redis.unlink(name);
  });

  it('of a tag’s stamp drops all that carries the tag', async () => {
    const { near, prefix, redis } = await bench();
    const tagKey = `${prefix}:tag:{rivers}`;
    keep(near, `${prefix}:a`, 1, { tagKeys: [tagKey] });
    keep(near, `${prefix}:b`, 2);
    await redis.set(tagKey, 'stamp');
    await isGone(near, `${prefix}:a`);
    expect(near.get(`${prefix}:b`)?.value).toBe(2);
    await redis.unlink(tagKey);
  });

  it('of what another cache keeps, or of a lease, drops nothing', async () => {
    const { near, prefix, redis } = await bench();
    keep(near, `${prefix}:a`, 1);
    keep(near, `${prefix}:end`, 2);
    await redis.set(`${prefix}2:a`, 'x');
    await redis.set(`${prefix}:lease:{${prefix}:a}`, 'token');
    await redis.set(`${prefix}:end`, 'x');
    await isGone(near, `${prefix}:end`);
    expect(near.get(`${prefix}:a`)?.value).toBe(1);
    await redis.unlink(`${prefix}2:a`, `${prefix}:lease:{${prefix}:a}`, `${prefix}:end`);
  });

  it('of many keys at once is heard whole', async () => {
    const { near, prefix, redis } = await bench();
    const names = Array.from({ length: 1_000 }, (_, index) => `${prefix}:${index}`);
    for (const name of names) keep(near, name, name);
    expect(near.size).toBe(1_000);
    await redis.mset(names.flatMap((name) => [name, 'x']));
    await until(() => names.every((name) => near.get(name) === undefined));
    await redis.unlink(names);
  });
});

describe('a read that was under way', () => {
  it('when its key was invalidated is not kept', async () => {
    const { near, prefix } = await bench();
    const ticket = near.begin(`${prefix}:a`);
    near.drop(`${prefix}:a`);
    near.put(ticket, { value: 'old', meta: undefined, tagKeys: [], ttlMs: Infinity });
    expect(near.get(`${prefix}:a`)).toBeUndefined();
  });

  it('when its tag was dropped is not kept', async () => {
    const { near, prefix } = await bench();
    const ticket = near.begin(`${prefix}:a`);
    near.dropTag(`${prefix}:tag:{t}`);
    near.put(ticket, { value: 'old', meta: undefined, tagKeys: [`${prefix}:tag:{t}`], ttlMs: Infinity });
    expect(near.get(`${prefix}:a`)).toBeUndefined();
  });

  it('when tracking was not yet on is not kept', async () => {
    const { near, prefix } = makeNear({ client: cacheClient() });
    const ticket = near.begin(`${prefix}:a`);
    expect(near.isOn).toBe(false);
    await isOn(near);
    near.put(ticket, { value: 'old', meta: undefined, tagKeys: [], ttlMs: Infinity });
    expect(near.get(`${prefix}:a`)).toBeUndefined();
  });

  it('when tracking was interrupted is not kept', async () => {
    const { near, prefix, client, states } = await bench();
    const ticket = near.begin(`${prefix}:a`);
    client.disconnect(true);
    await until(() => states.length === 3);
    near.put(ticket, { value: 'old', meta: undefined, tagKeys: [], ttlMs: Infinity });
    expect([near.isOn, near.get(`${prefix}:a`)]).toEqual([true, undefined]);
  });
});

describe('a value', () => {
  it('is one object for all, and cannot be changed', async () => {
    const { near, prefix } = await bench();
    const value = { rows: [{ id: 1 }] };
    keep(near, `${prefix}:a`, value);
    expect(near.get(`${prefix}:a`)?.value).toBe(value);
    expect(() => value.rows.push({ id: 2 })).toThrow(TypeError);
  });

  it('lives for its own TTL or the near cache’s, whichever is shorter', async () => {
    let now = 1_000_000;
    const { near, prefix } = await bench({ ttlMs: 1_000, now: () => now });
    keep(near, `${prefix}:a`, 1, { ttlMs: 500 });
    keep(near, `${prefix}:b`, 2, { ttlMs: 5_000 });
    keep(near, `${prefix}:c`, 3);
    const values = () => ['a', 'b', 'c'].map((key) => near.get(`${prefix}:${key}`)?.value);
    expect(values()).toEqual([1, 2, 3]);
    now += 500;
    expect(values()).toEqual([undefined, 2, 3]);
    now += 500;
    expect([values(), near.size]).toEqual([[undefined, undefined, undefined], 0]);
  });
});

describe('all values', () => {
  it.each(['FLUSHALL', 'FLUSHDB'])('go at %s, and tracking stays on', async (command) => {
    // On a server of its own: a flush is told to all who track, other tests among them.
    const server = await throwawayRedis();
    onTestFinished(() => server.stop());
    const { near, prefix, states } = makeNear({ client: cacheClient(server.url) });
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    await server.ask(command);
    await isGone(near, `${prefix}:a`);
    expect([near.isOn, states]).toEqual([true, ['on 0', 'on 1']]);
  });

  it('go at a call of flush', async () => {
    const { near, prefix, states } = await bench();
    keep(near, `${prefix}:a`, 1);
    near.flush();
    expect([near.get(`${prefix}:a`), near.size, states]).toEqual([undefined, 0, ['on 0', 'on 1']]);
  });
});

describe('the tracking connection', () => {
  it('is made when the client is connected, and again wherever that connects next', async () => {
    const client = new Redis(redisUrl, { lazyConnect: true });
    onTestFinished(() => client.disconnect());
    const { near, prefix, states } = makeNear({ client });
    expect([near.isOn, states]).toEqual([false, []]);
    await client.connect();
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    client.disconnect(true);
    await until(() => states.length === 3);
    expect([near.isOn, near.get(`${prefix}:a`), states]).toEqual([
      true,
      undefined,
      ['on 0', 'off 1', 'on 0'],
    ]);
  });

  it('is made to a client that is connected already', async () => {
    const client = connect();
    await client.ping();
    const { near } = makeNear({ client });
    await isOn(near);
  });

  it('when it ends drops all at once, and is made anew', async () => {
    const name = testPrefix().replaceAll(':', '-');
    const url = new URL(redisUrl);
    url.searchParams.set('connectionName', name);
    const { near, prefix, states } = makeNear({ client: cacheClient(url.href) });
    const redis = connect();
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    await redis.client('KILL', 'ID', await trackingId(redis, name));
    await until(() => states.length === 3);
    expect(states).toEqual(['on 0', 'off 1', 'on 0']);
    keep(near, `${prefix}:a`, 2);
    await redis.set(`${prefix}:a`, 'x');
    await isGone(near, `${prefix}:a`);
    await redis.unlink(`${prefix}:a`);
  });

  it('is one, and gone after close', async () => {
    const name = testPrefix().replaceAll(':', '-');
    const url = new URL(redisUrl);
    url.searchParams.set('connectionName', name);
    const client = cacheClient(url.href);
    const redis = connect();
    const { near, prefix, states } = makeNear({ client });
    await isOn(near);
    const connections = async () => String(await redis.client('LIST')).split(`name=${name} `).length - 1;
    expect(await connections()).toBe(2);
    keep(near, `${prefix}:a`, 1);
    await near.close();
    await near.close();
    expect([near.isOn, near.get(`${prefix}:a`), near.size]).toEqual([false, undefined, 0]);
    expect(states).toEqual(['on 0', 'off 1']);
    await until(async () => (await connections()) === 1);
    // What the client connects to next is nobody's concern any more.
    client.disconnect(true);
    await until(() => client.status !== 'ready');
    await until(() => client.status === 'ready');
    expect([await connections(), near.isOn]).toEqual([1, false]);
  });
});

describe('a near cache that nobody closes', () => {
  it('does not keep its process from ending', async () => {
    const program = fileURLToPath(new URL('programs/left-open.ts', import.meta.url));
    const run = promisify(execFile);
    const { stdout, stderr } = await run(process.execPath, [
      '--import',
      'tsx',
      program,
      redisUrl,
      testPrefix(),
    ]);
    expect([stdout, stderr]).toEqual(['0\non\n', '']);
  });
});

async function trackingId(redis: Redis, connectionName: string): Promise<number> {
  const list = String(await redis.client('LIST'));
  const line = list
    .split('\n')
    .find((each) => each.includes(`name=${connectionName} `) && /flags=\w*t/.test(each));
  return Number(/id=(\d+)/.exec(line ?? '')?.[1]);
}
