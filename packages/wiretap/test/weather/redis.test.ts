import { testKeyPrefix } from '@workshop/engines/test-space';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { HoldNeverUsed, WeatherMatchError, type RedisEvent, type RedisTap } from '../../src/index.ts';
import { redisClient } from '../support/clients.ts';
import { commands, lines, replied, show } from '../support/events.ts';
import { RawClient } from '../support/raw-client.ts';
import { redisTap } from '../support/taps.ts';

let key: string;
let tap: RedisTap;
beforeEach(async () => {
  key = testKeyPrefix();
  tap = await redisTap();
});

const named =
  (name: string) =>
  (event: RedisEvent): boolean =>
    event.name === name;

/** Waits until the command has reached the tap. */
const asked = (name: string): Promise<unknown> =>
  tap.record.waitFor((event) => 'name' in event && event.name === name, { timeoutMs: 10_000, what: name });

describe('refuse', () => {
  it('cuts who is there and resets who comes; afterwards the client finds its way back', async () => {
    const client = new Redis({
      host: tap.host,
      port: tap.port,
      retryStrategy: () => 5,
      maxRetriesPerRequest: 1,
    });
    const errors: string[] = [];
    client.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message));
    onTestFinished(() => client.disconnect());
    await client.set(key, 'before', 'EX', 60);

    const refusal = tap.weather.refuse();
    await expect(client.get(key)).rejects.toThrow(/ECONNRESET|max retries|Connection is closed/);
    expect(errors).toContain('ECONNRESET');
    refusal.stop();
    await new Promise<void>((resolve) => client.once('ready', () => resolve()));
    expect(await client.get(key)).toBe('before');

    const kinds = tap.record.events.map(({ kind, by, note }) => [kind, by, note]);
    expect(kinds).toContainEqual(['disconnect', 'tap', 'cut by the weather: refuse']);
    expect(kinds).toContainEqual(['connect', undefined, 'refused by the weather']);
  });

  it('lasts until the last of several has stopped', async () => {
    const [first, second] = [tap.weather.refuse(), tap.weather.refuse()];
    first.stop();
    first.stop();
    const client = new RawClient(tap.port);
    await client.readToEnd();
    expect(client.error).toBe('ECONNRESET');
    second.stop();
    const next = new RawClient(tap.port);
    next.write('PING\r\n');
    expect(await next.readThrough('\r\n')).toBe('+PONG\r\n');
  });
});

describe('hang', () => {
  it('keeps the matching commands from the store, and lets them go in the end', async () => {
    const hung = redisClient(tap);
    const free = redisClient(tap);
    await free.set(key, '1', 'EX', 60);
    const spell = tap.weather.hang(named('INCR'));
    const answer = hung.incr(key);
    const behind = hung.echo('behind it');
    await asked('ECHO');
    // Another connection goes on as if nothing were, and sees that the store has not been asked.
    expect(await free.get(key)).toBe('1');
    expect(lines(tap.record).slice(1)).toEqual([
      `INCR ${key} -> undefined`,
      'ECHO behind it -> undefined',
      `GET ${key} -> "1"`,
    ]);
    spell.stop();
    expect(await answer).toBe(2);
    expect(await behind).toBe('behind it');
  });

  it('holds everything without a match, what subscribers are told too', async () => {
    const subscriber = new RawClient(tap.port);
    subscriber.write(`SUBSCRIBE ${key}\r\n`);
    await subscriber.readThrough(':1\r\n');
    const spell = tap.weather.hang(({ connection }) => connection === 1);
    const publisher = new RawClient(tap.port);
    publisher.write(`PUBLISH ${key} news\r\n`);
    await publisher.readThrough(':1\r\n');
    await tap.record.waitFor(({ kind }) => kind === 'push', { timeoutMs: 10_000 });
    subscriber.write('PING\r\n');
    await asked('PING');
    publisher.write('ECHO on\r\n');
    await publisher.readThrough('on\r\n');
    expect(subscriber.unread).toBe(0);
    const all = tap.weather.hang();
    publisher.write('ECHO held\r\n');
    spell.stop();
    expect(await subscriber.readThrough('pong')).toContain('news');
    expect(publisher.unread).toBe(0);
    all.stop();
    await publisher.readThrough('held\r\n');
  });

  it('forgets the commands of a client that gave up before the end', async () => {
    const other = redisClient(tap);
    const client = new RawClient(tap.port);
    client.write('PING\r\n');
    await client.readThrough('PONG\r\n');
    const spell = tap.weather.hang(named('SET'));
    client.write(`SET ${key} late EX 60\r\n`);
    await asked('SET');
    client.end();
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    spell.stop();
    expect(await other.exists(key)).toBe(0);
  });
});

describe('delay', () => {
  it('brings a reply so many milliseconds later', async () => {
    const client = new RawClient(tap.port);
    client.write('PING\r\n');
    await client.readThrough('PONG\r\n');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    tap.weather.delay(50, named('ECHO'));
    client.write('ECHO late\r\n');
    await replied(tap.record, 'ECHO');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(49);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(vi.getTimerCount()).toBe(0);
    await client.readThrough('late\r\n');
  });

  it('keeps the order of a connection, and leaves other connections alone', async () => {
    const slow = redisClient(tap);
    const quick = redisClient(tap);
    await Promise.all([slow.ping(), quick.ping()]);
    const spell = tap.weather.delay(
      1_000_000,
      ({ connection, args }) => connection === 1 && args?.[0]?.toString() !== 'b',
    );
    const order: string[] = [];
    const late = ['a', 'b', 'c'].map(async (text) => order.push(await slow.echo(text)));
    order.push(await quick.echo('quick'));
    spell.stop();
    await Promise.all(late);
    expect(order).toEqual(['quick', 'a', 'b', 'c']);
  });

  it('lets go of what it holds when it is stopped', async () => {
    const client = redisClient(tap);
    await client.ping();
    const spell = tap.weather.delay(1_000_000);
    const late = client.echo('now');
    await replied(tap.record, 'ECHO');
    spell.stop();
    expect(await late).toBe('now');
  });
});

describe('cutReply', () => {
  it('ends the connection after the first bytes of a reply', async () => {
    const client = new RawClient(tap.port);
    client.write('PING\r\n');
    await client.readThrough('\r\n');
    tap.weather.cutReply(named('ECHO'), 6);
    client.write('PING\r\nECHO abcdefgh\r\nPING\r\n');
    expect((await client.readToEnd()).toString()).toBe('+PONG\r\n$8\r\nab');
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    expect(tap.record.events.at(-1)).toMatchObject({
      by: 'tap',
      note: 'cut in the middle of a reply by the weather',
    });
  });

  it('never lets a short reply through whole', async () => {
    tap.weather.cutReply(undefined, 100);
    const client = new RawClient(tap.port);
    client.write('PING\r\n');
    expect((await client.readToEnd()).toString()).toBe('+PONG\r');
  });

  it('is seen by a client as a lost connection', async () => {
    const client = redisClient(tap);
    await client.set(key, 'x'.repeat(200_000), 'EX', 60);
    tap.weather.cutReply(named('GET'), 150_000);
    await expect(client.get(key)).rejects.toThrow(/Connection is closed/);
  });
});

describe('fail', () => {
  const OOM = "OOM command not allowed when used memory > 'maxmemory'.";

  it('answers with the error and does not ask the store', async () => {
    const client = redisClient(tap);
    const spell = tap.weather.fail(named('SET'), OOM);
    await expect(client.set(key, '1')).rejects.toThrow(OOM);
    expect(await client.exists(key)).toBe(0);
    spell.stop();
    expect(await client.set(key, '1', 'EX', 60)).toBe('OK');
    expect(commands(tap.record)[0]).toMatchObject({
      name: 'SET',
      reply: { error: OOM },
      endedAt: expect.any(Number),
    });
  });

  it('keeps its turn among the replies of a pipeline', async () => {
    const client = redisClient(tap);
    tap.weather.fail(
      ({ args }) => String(args?.[0]) === 'bad',
      '-READONLY You can’t write against a read only replica.',
    );
    const replies = await client.pipeline().echo('one').echo('bad').echo('two').echo('bad').exec();
    expect(replies!.map(([error, value]) => error?.message.split(' ')[0] ?? value)).toEqual([
      'one',
      'READONLY',
      'two',
      'READONLY',
    ]);
  });

  it('spoils the transaction in which it happens, as the store’s own error would', async () => {
    const client = redisClient(tap);
    tap.weather.fail(named('SET'), OOM);
    await expect(client.multi().set(key, '1').incr(`${key}n`).exec()).rejects.toThrow(/EXECABORT/);
    expect(await client.exists(key, `${key}n`)).toBe(0);
    expect(
      commands(tap.record)
        .map(({ name, reply }) => `${name} ${show(reply)}`)
        .slice(0, 4),
    ).toEqual([
      'MULTI OK',
      `SET (${OOM})`,
      'INCR QUEUED',
      'EXEC (EXECABORT Transaction discarded because of previous errors.)',
    ]);
  });

  it('ends a transaction whose EXEC it takes the place of', async () => {
    const client = new RawClient(tap.port);
    const spell = tap.weather.fail(named('EXEC'), 'LOADING Redis is loading the dataset in memory');
    client.write(`MULTI\r\nSET ${key} 1\r\nEXEC\r\n`);
    await client.readThrough('-LOADING Redis is loading the dataset in memory\r\n');
    spell.stop();
    client.write(`EXISTS ${key}\r\nEXEC\r\n`);
    expect(await client.readThrough('MULTI\r\n')).toBe(':0\r\n-ERR EXEC without MULTI\r\n');
  });

  it('turns a connection away with the store’s words', async () => {
    tap.weather.fail(({ kind }) => kind === 'connect', 'ERR max number of clients reached');
    const client = new RawClient(tap.port);
    client.write('PING\r\n');
    expect((await client.readToEnd()).toString()).toBe('-ERR max number of clients reached\r\n');
  });

  it.each(['', 'lower case', 'ERR two\r\nlines'])('takes no error that cannot be said: %j', (error) => {
    expect(() => tap.weather.fail(() => true, error)).toThrow(
      "wiretap option error must be one line such as 'OOM",
    );
  });
});

describe('hold', () => {
  it('makes a race happen: one client’s write between another’s read and write', async () => {
    const slow = redisClient(tap);
    const quick = redisClient(tap);
    await slow.set(key, 'old', 'EX', 60);
    const hold = tap.weather.hold(({ name, args }) => name === 'SET' && String(args![1]) === 'stale');
    const read = (await slow.get(key))!;
    const write = slow.set(key, 'stale', 'EX', 60);
    const held = await hold.arrived;
    expect([read, held.name, held.endedAt]).toEqual(['old', 'SET', undefined]);
    await quick.set(key, 'new', 'EX', 60);
    hold.release();
    await write;
    expect(await quick.get(key)).toBe('stale');
  });

  it('holds a reply: the store has done it, the client does not know', async () => {
    const waiting = redisClient(tap);
    const other = redisClient(tap);
    await waiting.ping();
    const hold = tap.weather.hold(named('INCR'), { at: 'reply' });
    const answer = waiting.incr(key);
    expect(await hold.arrived).toMatchObject({ name: 'INCR', reply: 1 });
    expect(await other.get(key)).toBe('1');
    expect(await other.incr(key)).toBe(2);
    hold.release();
    expect(await answer).toBe(1);
    await other.del(key);
  });

  it('holds one request only, the next that is asked after a connection is made', async () => {
    const client = new RawClient(tap.port);
    const hold = tap.weather.hold();
    const other = new RawClient(tap.port);
    client.write('ECHO held\r\n');
    expect(await hold.arrived).toMatchObject({ name: 'ECHO', connection: 1 });
    other.write('PING\r\n');
    expect(await other.readThrough('\r\n')).toBe('+PONG\r\n');
    hold.release();
    await client.readThrough('held\r\n');
  });

  it('says so when it is stopped before anything came', async () => {
    const [stopped, cleared] = [tap.weather.hold(), tap.weather.hold()];
    stopped.stop();
    tap.weather.clear();
    await expect(stopped.arrived).rejects.toThrow(HoldNeverUsed);
    await expect(cleared.arrived).rejects.toThrow(HoldNeverUsed);
  });
});

describe('weather', () => {
  it('adds up: a failure that comes late', async () => {
    const client = redisClient(tap);
    await client.ping();
    const spell = tap.weather.delay(1_000_000, named('SET'));
    tap.weather.fail(named('SET'), 'OOM no memory');
    const failing = expect(client.set(key, '1')).rejects.toThrow('OOM no memory');
    await replied(tap.record, 'SET');
    spell.stop();
    await failing;
  });

  it.each(['delay', 'cutReply'] as const)(
    'that is over does nothing to a reply asked for while it lasted: %s',
    async (kind) => {
      const client = new RawClient(tap.port);
      const spell =
        kind === 'delay'
          ? tap.weather.delay(1_000_000, named('BLPOP'))
          : tap.weather.cutReply(named('BLPOP'));
      client.write(`BLPOP ${key} 0\r\n`);
      await asked('BLPOP');
      spell.stop();
      await redisClient(tap).rpush(key, 'here');
      await client.readThrough('here\r\n');
    },
  );

  it('is calm again after clear', async () => {
    tap.weather.refuse();
    tap.weather.hang();
    tap.weather.fail(() => true, 'ERR no');
    tap.weather.cutReply();
    tap.weather.delay(1_000_000);
    tap.weather.clear();
    expect(await redisClient(tap).ping()).toBe('PONG');
  });

  it('whose match throws ends, and says so when it is stopped', async () => {
    const client = redisClient(tap);
    const mistake = new Error('a mistake in a check');
    const spell = tap.weather.hang(() => {
      throw mistake;
    });
    expect(await client.ping()).toBe('PONG');
    expect(() => spell.stop()).toThrow(
      expect.objectContaining({ name: WeatherMatchError.name, cause: mistake }),
    );
  });

  it.each([
    ['ms', () => tap.weather.delay(-1)],
    ['afterBytes', () => tap.weather.cutReply(undefined, 1.5)],
    ['at', () => tap.weather.hold(undefined, { at: 'never' as 'reply' })],
  ])('refuses an option that cannot work: %s', (option, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'WiretapOptionError', option }));
  });
});
