import { once } from 'node:events';
import type { RedisEvent } from '@workshop/wiretap';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testPrefix } from '../support.ts';
import type { NearCache, NearCacheOptions } from '../../src/near/near.ts';
import {
  cacheClient,
  connect,
  isOff,
  isOn,
  isTracking,
  keep,
  makeNear,
  makeTap,
  trackingConnection,
  until,
} from './support.ts';

/** A near cache behind a tap that is on, a connection past the tap, and a key that was there before. */
async function bench(options: Partial<NearCacheOptions> = {}) {
  const tap = await makeTap();
  const redis = connect();
  const prefix = testPrefix();
  const name = `${prefix}:key`;
  await redis.set(name, 'old');
  onTestFinished(async () => void (await redis.unlink(name)));
  const client = cacheClient(tap.clientUrl);
  const made = makeNear({ client, prefix, ...options });
  await isOn(made.near);
  return { ...made, name, tap, client, redis };
}

const ofConnection = (number: number) => (event: RedisEvent) => event.connection === number;
const put = { meta: undefined, tagKeys: [], ttlMs: Infinity };

/** With short heartbeats, a machine that is busy may not trust the connection just now. */
const keepAtLast = (near: NearCache, name: string) =>
  until(() => {
    keep(near, name, 'old');
    return near.get(name);
  });

describe('a tracking connection that is cut', () => {
  it('in the middle of a reply drops everything, and what it missed is not served when it is back', async () => {
    const { near, name, tap, states } = await bench({ heartbeatMs: 50 });
    await keepAtLast(near, name);
    const number = trackingConnection(tap);
    const spell = tap.weather.cutReply(ofConnection(number));
    await until(() => states.includes('off 1'));
    spell.stop();
    await isOn(near);
    expect(trackingConnection(tap)).not.toBe(number);
    expect(near.get(name)).toBeUndefined();
  });

  it('and refused comes back when it is let in, and says once why it was away', async () => {
    const { near, prefix, tap, states, errors } = await bench();
    keep(near, `${prefix}:a`, 1);
    const connects = () => tap.record.events.filter(({ kind }) => kind === 'connect').length;
    const refusal = tap.weather.refuse();
    await isOff(near);
    expect([near.get(`${prefix}:a`), near.size]).toEqual([undefined, 0]);
    const before = connects();
    await until(() => connects() > before + 5);
    refusal.stop();
    await isOn(near);
    expect(states.slice(0, 3)).toEqual(['on 0', 'off 1', 'on 0']);
    expect(errors.map(({ fault, command }) => [fault, command])).toEqual([
      ['unavailable', 'CLIENT TRACKING'],
    ]);
  });
});

describe('a tracking connection that is half-open', () => {
  it('is noticed by its heartbeat, and replaced', async () => {
    const { near, name, tap, redis, states } = await bench({ heartbeatMs: 50 });
    const first = trackingConnection(tap);
    await keepAtLast(near, name);
    // Nobody says that it is dead: nothing arrives any more, in either direction.
    const hang = tap.weather.hang(ofConnection(first));
    await redis.unlink(name);
    await until(() => states.filter((state) => state === 'on 0').length === 2);
    expect(trackingConnection(tap)).not.toBe(first);
    expect([states[1]?.slice(0, 3), near.get(name)]).toEqual(['off', undefined]);
    hang.stop();
  });

  it('while it is being set up is noticed too', async () => {
    const tap = await makeTap();
    let hung = 0;
    const hang = tap.weather.hang((event) => isTracking(event) && ++hung <= 2);
    const { near, errors } = makeNear({ client: cacheClient(tap.clientUrl), heartbeatMs: 50 });
    await isOn(near);
    expect([hung, errors.map(({ fault }) => fault)]).toEqual([3, ['unavailable']]);
    hang.stop();
  });

  it('is trusted for two heartbeats at most, though this process had no time to notice', async () => {
    // No tap: it is in this process and would stand still as well, and the answer to a heartbeat would not lie in our socket.
    const { near, prefix } = makeNear({ client: cacheClient(), heartbeatMs: 500 });
    const name = `${prefix}:key`;
    await isOn(near);
    await keepAtLast(near, name);
    // What was invalidated while the process stood still lies unread in its socket: no timer, no event has run.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_001);
    expect([near.isOn, near.get(name)]).toEqual([false, undefined]);
    // The connection is well, so nothing was lost: what is kept is served again once the server has been heard.
    await until(() => near.get(name)?.value === 'old');
  });
});

describe('a message that is late', () => {
  it('lets the value be served until it comes, and no longer', async () => {
    const { near, name, tap, redis } = await bench();
    const message = tap.weather.hold(({ kind }: RedisEvent) => kind === 'push');
    keep(near, name, 'old');
    await redis.unlink(name);
    await message.arrived;
    expect(near.get(name)?.value).toBe('old');
    message.release();
    await until(() => near.get(name) === undefined);
  });

  it('still keeps a reply that was read before the change from being kept', async () => {
    const { near, name, prefix, tap, client, redis } = await bench();
    const reply = tap.weather.hold((event: RedisEvent) => event.name === 'GET', { at: 'reply' });
    const ticket = near.begin(name);
    const read = client.get(name);
    await reply.arrived;
    keep(near, `${prefix}:sign`, 1);
    await redis.unlink(name);
    // The sign's message comes after that of the change.
    await redis.set(`${prefix}:sign`, 'x');
    await until(() => near.get(`${prefix}:sign`) === undefined);
    reply.release();
    const value = await read;
    near.put(ticket, { value, ...put });
    expect([value, near.get(name)]).toEqual(['old', undefined]);
    await redis.unlink(`${prefix}:sign`);
  });

  it('drops a reply that overtook it', async () => {
    const { near, name, tap, client, redis } = await bench();
    const reply = tap.weather.hold((event: RedisEvent) => event.name === 'GET', { at: 'reply' });
    const message = tap.weather.hold(({ kind }: RedisEvent) => kind === 'push');
    const ticket = near.begin(name);
    const read = client.get(name);
    await reply.arrived;
    await redis.unlink(name);
    await message.arrived;
    reply.release();
    near.put(ticket, { value: await read, ...put });
    expect(near.get(name)?.value).toBe('old');
    message.release();
    await until(() => near.get(name) === undefined);
  });
});

describe('a server that refuses to track', () => {
  it.each([
    ['an unknown command', isTracking, 'ERR unknown command'],
    [
      'the channel',
      ({ name }: RedisEvent) => name === 'SUBSCRIBE',
      'NOPERM this user has no permissions to access one of the channels',
    ],
    [
      'the login',
      ({ name }: RedisEvent) => name === 'AUTH',
      'WRONGPASS invalid username-password pair or user is disabled.',
    ],
  ])('by %s leaves the near cache off, says so once, and is asked again', async (_what, match, line) => {
    const tap = await makeTap();
    const client = cacheClient(tap.clientUrl);
    // It is the near cache's own connection that is refused.
    if (client.status !== 'ready') await once(client, 'ready');
    let refused = 0;
    const refusal = tap.weather.fail((event) => match(event) && ++refused > 0, line);
    const { near, prefix, errors, states } = makeNear({ client, heartbeatMs: 20 });
    await until(() => refused >= 3);
    keep(near, `${prefix}:a`, 1);
    expect([near.isOn, near.get(`${prefix}:a`), states]).toEqual([false, undefined, []]);
    const refusals = errors.filter(({ fault }) => fault === 'reply');
    expect(refusals.map(({ command, message }) => [command, message.includes(line)])).toEqual([
      ['CLIENT TRACKING', true],
    ]);
    refusal.stop();
    await isOn(near);
  });
});
