import { testKeyPrefix } from '@workshop/engines/test-space';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RedisEvent, WireEvent } from '../../src/index.ts';
import { encodeCommand } from '../../src/redis/encode.ts';
import { redisClient } from '../support/clients.ts';
import { commands, lines, replied, show } from '../support/events.ts';
import { RawClient } from '../support/raw-client.ts';
import { redisTap } from '../support/taps.ts';

let key: string;
beforeEach(() => {
  key = testKeyPrefix();
});

describe('what is recorded of Redis', () => {
  it('is each command with its arguments and its reply', async () => {
    const tap = await redisTap();
    const client = redisClient(tap);
    await client.set(key, 'value', 'EX', 60);
    await client.getBuffer(key);
    await client.get(`${key}none`);
    await client.lpush(key, 'x').catch(() => undefined);
    expect(lines(tap.record)).toEqual([
      `SET ${key} value EX 60 -> OK`,
      `GET ${key} -> "value"`,
      `GET ${key}none -> null`,
      `LPUSH ${key} x -> (WRONGTYPE Operation against a key holding the wrong kind of value)`,
    ]);
    const [set] = commands(tap.record);
    expect(set).toMatchObject({ store: 'redis', kind: 'command', name: 'SET', connection: 1, replyBytes: 5 });
    expect(set!.endedAt).toBeGreaterThanOrEqual(set!.startedAt);
    expect(set!.requestBytes).toBe(encodeCommand(['set', key, 'value', 'EX', '60']).length);
  });

  it('is in order when commands are pipelined', async () => {
    const tap = await redisTap();
    const client = redisClient(tap);
    const pipeline = client.pipeline();
    for (let i = 0; i < 3000; i += 1) pipeline.echo(String(i));
    await pipeline.exec();
    expect(commands(tap.record).map(({ args, reply }) => `${String(args![0])} ${show(reply)}`)).toEqual(
      Array.from({ length: 3000 }, (_, i) => `${i} "${i}"`),
    );
  });

  it('is the same from RESP3, where the client asks for it', async () => {
    const tap = await redisTap();
    const client = redisClient(tap, { protocol: 3 });
    await client.hset(key, { name: 'Oslo', people: 709_000 });
    await client.expire(key, 60);
    await client.hgetall(key);
    const [, , hgetall] = commands(tap.record);
    expect(hgetall!.reply).toEqual(
      new Map([
        ['name', Buffer.from('Oslo')],
        ['people', Buffer.from('709000')],
      ]),
    );
  });

  it('gives each command of a transaction its own reply', async () => {
    const tap = await redisTap();
    const client = redisClient(tap);
    await client.multi().set(key, 1, 'EX', 60).incr(key).lpush(key, 'x').get(key).exec();
    await client.ping();
    const [multi, ...rest] = commands(tap.record);
    expect(multi).toMatchObject({ name: 'MULTI', reply: 'OK', transaction: expect.any(Number) });
    const ping = rest.pop();
    expect(ping!.transaction).toBeUndefined();
    for (const event of rest) expect(event.transaction).toBe(multi!.transaction);
    expect(rest.map(({ name, reply }) => `${name} ${show(reply)}`)).toEqual([
      'SET OK',
      'INCR 2',
      'LPUSH (WRONGTYPE Operation against a key holding the wrong kind of value)',
      'GET "2"',
      'EXEC [OK, 2, (WRONGTYPE Operation against a key holding the wrong kind of value), "2"]',
    ]);
  });

  it('leaves a command QUEUED when its transaction never runs', async () => {
    const tap = await redisTap();
    const client = redisClient(tap);
    const other = redisClient(tap);
    await client.watch(key);
    await other.set(key, 'theirs', 'EX', 60);
    expect(await client.multi().set(key, 'ours').exec()).toBeNull();
    await client.multi({ pipeline: false });
    await client.set(key, 'dropped');
    await client.discard();
    await client.multi({ pipeline: false });
    await client.call('SET', key).catch(() => undefined);
    await client.set(key, 'aborted');
    await client.exec().catch(() => undefined);
    const numbers = commands(tap.record).flatMap(({ transaction }) => transaction ?? []);
    expect(new Set(numbers).size).toBe(3);
    expect(lines(tap.record).filter((line) => /MULTI|EXEC|DISCARD|ours|dropped|aborted/.test(line))).toEqual([
      'MULTI -> OK',
      `SET ${key} ours -> QUEUED`,
      'EXEC -> null',
      'MULTI -> OK',
      `SET ${key} dropped -> QUEUED`,
      'DISCARD -> OK',
      'MULTI -> OK',
      `SET ${key} aborted -> QUEUED`,
      'EXEC -> (EXECABORT Transaction discarded because of previous errors.)',
    ]);
  });

  it.each([2, 3] as const)('tells messages from replies (RESP%i)', async (protocol) => {
    const tap = await redisTap();
    const subscriber = redisClient(tap, { protocol });
    const publisher = redisClient(tap);
    const messages: string[] = [];
    subscriber.on('message', (_, message) => messages.push(message));
    await subscriber.subscribe(`${key}a`, `${key}b`);
    await publisher.publish(`${key}a`, 'one');
    await publisher.publish(`${key}b`, 'two');
    const isLast = (event: WireEvent): boolean => event.kind === 'push' && show(event.reply).includes('two');
    await tap.record.waitFor(isLast, { timeoutMs: 10_000 });
    await subscriber.ping();
    await subscriber.unsubscribe();
    expect(messages).toEqual(['one', 'two']);
    const own = tap.record.events.filter((event): event is RedisEvent => event.connection === 1);
    const seen = own.filter(({ name }) => /^(|p|un)subscribe|message|ping$/i.test(name ?? ''));
    expect(seen.map(({ kind, name, reply }) => `${kind} ${name} ${show(reply)}`)).toEqual([
      `command SUBSCRIBE [["subscribe", "${key}a", 1], ["subscribe", "${key}b", 2]]`,
      `push message ["message", "${key}a", "one"]`,
      `push message ["message", "${key}b", "two"]`,
      protocol === 2 ? 'command PING ["pong", ""]' : 'command PING PONG',
      expect.stringMatching(/^command UNSUBSCRIBE \[\["unsubscribe", .*, 1\], \["unsubscribe", .*, 0\]\]$/),
    ]);
  });

  it('knows how many replies each subscribing command gets', async () => {
    const tap = await redisTap();
    const client = new RawClient(tap.port);
    // All at once: only the numbers of replies keep them apart.
    client.write(
      'UNSUBSCRIBE\r\nSUBSCRIBE a b\r\nPSUBSCRIBE p*\r\nUNSUBSCRIBE\r\nPUNSUBSCRIBE\r\nPING hello\r\n',
    );
    await client.readThrough('hello\r\n');
    expect(commands(tap.record).map(({ name, reply }) => `${name} ${show(reply)}`)).toEqual([
      'UNSUBSCRIBE ["unsubscribe", null, 0]',
      'SUBSCRIBE [["subscribe", "a", 1], ["subscribe", "b", 2]]',
      'PSUBSCRIBE ["psubscribe", "p*", 3]',
      expect.stringMatching(/^UNSUBSCRIBE \[\["unsubscribe", .*, 2\], \["unsubscribe", .*, 1\]\]$/),
      'PUNSUBSCRIBE ["punsubscribe", "p*", 0]',
      'PING "hello"',
    ]);
  });

  it('tells what the server tells by itself: client-side caching', async () => {
    const tap = await redisTap();
    const client = new RawClient(tap.port);
    client.write(`HELLO 3\r\nCLIENT TRACKING ON\r\nSET ${key} 1 EX 60\r\nGET ${key}\r\n`);
    await client.readThrough('$1\r\n1\r\n');
    client.write(`SET ${key} 2 EX 60\r\nPING\r\n`);
    await client.readThrough('PONG\r\n');
    const push = tap.record.events.find(({ kind }) => kind === 'push');
    expect(push).toMatchObject({
      name: 'invalidate',
      reply: [Buffer.from('invalidate'), [Buffer.from(key)]],
    });
  });

  it('tells what MONITOR sees from the replies', async () => {
    const tap = await redisTap({ guard: false });
    const client = new RawClient(tap.port);
    client.write('MONITOR\r\n');
    await client.readThrough('OK\r\n');
    const other = redisClient(tap);
    await other.echo(key);
    await client.readThrough(key);
    client.write('RESET\r\nPING\r\n');
    await client.readThrough('+PONG\r\n');
    const own = tap.record.events.filter(({ connection }) => connection === 1);
    expect(own.filter(({ kind }) => kind === 'command')).toMatchObject([
      { name: 'MONITOR', reply: 'OK' },
      { name: 'RESET', reply: 'RESET' },
      { name: 'PING', reply: 'PONG' },
    ]);
    expect(own.find(({ kind }) => kind === 'push')).toMatchObject({ name: 'monitor' });
  });

  it('follows CLIENT REPLY, by which commands get none', async () => {
    const tap = await redisTap();
    const client = new RawClient(tap.port);
    client.write('CLIENT REPLY SKIP\r\nECHO skipped\r\nECHO one\r\n');
    await client.readThrough('one\r\n');
    client.write(
      'CLIENT REPLY OFF\r\nECHO off\r\nCLIENT REPLY SKIP\r\nECHO off\r\nCLIENT REPLY ON\r\nECHO two\r\n',
    );
    await client.readThrough('two\r\n');
    expect(lines(tap.record)).toEqual([
      'CLIENT REPLY SKIP -> undefined',
      'ECHO skipped -> undefined',
      'ECHO one -> "one"',
      'CLIENT REPLY OFF -> undefined',
      'ECHO off -> undefined',
      'CLIENT REPLY SKIP -> undefined',
      'ECHO off -> undefined',
      'CLIENT REPLY ON -> OK',
      'ECHO two -> "two"',
    ]);
    expect(commands(tap.record).every(({ endedAt }) => endedAt !== undefined)).toBe(true);
  });

  it('shows a blocking command as begun, then as answered', async () => {
    const tap = await redisTap();
    const blocked = redisClient(tap);
    const popped = blocked.blpop(key, 0);
    const asked = await tap.record.waitFor((event) => 'name' in event && event.name === 'BLPOP', {
      timeoutMs: 10_000,
    });
    expect(asked.endedAt).toBeUndefined();
    await redisClient(tap).rpush(key, 'here');
    await popped;
    expect(asked).toMatchObject({
      reply: [Buffer.from(key), Buffer.from('here')],
      endedAt: expect.any(Number),
    });
  });

  it('reads commands that are typed by hand', async () => {
    const tap = await redisTap();
    const client = new RawClient(tap.port);
    client.write(`\r\nset ${key} "a \\x41"  ex 60\r\nget ${key}\n`);
    await client.readThrough('a A\r\n');
    expect(lines(tap.record)).toEqual([`SET ${key} a A ex 60 -> OK`, `GET ${key} -> "a A"`]);
  });

  it('shortens what is long, with its true length, and passes all of it', async () => {
    const tap = await redisTap();
    const client = redisClient(tap);
    const value = Buffer.alloc(300_000, 'é');
    await client.set(key, value, 'EX', 60);
    expect((await client.getBuffer(key))!.equals(value)).toBe(true);
    const [set, get] = commands(tap.record);
    expect(set!.args![1]!.length).toBe(64 * 1024);
    expect(set!.shortened).toEqual({ argLengths: new Map([[1, 300_000]]) });
    expect(get!.shortened).toEqual({ reply: true });
    expect(get!.replyBytes).toBe(300_000 + '$300000\r\n\r\n'.length);
  });

  it('passes bytes that are no RESP, and says that it cannot follow them', async () => {
    const tap = await redisTap({ guard: false });
    const client = new RawClient(tap.port);
    client.write('PING\r\n');
    await client.readThrough('PONG\r\n');
    client.write('*1\r\n:1\r\n');
    await client.readThrough("-ERR Protocol error: expected '$', got ':'\r\n");
    expect(await client.readToEnd()).toEqual(Buffer.alloc(0));
    const strange = tap.record.events.find(({ kind }) => kind === 'other');
    expect(strange!.note).toBe("what the client sent is not RESP: expected '$', got ':'");
  });

  it('answers a client that has said it will send no more', async () => {
    const tap = await redisTap();
    const client = new RawClient(tap.port);
    client.write('ECHO last\r\n');
    client.end();
    expect((await client.readToEnd()).toString()).toBe('$4\r\nlast\r\n');
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    expect(tap.record.events.at(-1)).toMatchObject({ kind: 'disconnect', by: 'client' });
    expect(await replied(tap.record, 'ECHO')).toMatchObject({ reply: Buffer.from('last') });
  });
});
