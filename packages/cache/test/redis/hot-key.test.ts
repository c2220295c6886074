import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RedisEvent } from '@workshop/wiretap';
import { describe, expect, it, vi } from 'vitest';
import { ReadGather } from '../../src/redis/gather.ts';
import { RedisLink } from '../../src/redis/link.ts';
import { makeTappedCache } from '../support.ts';
import { UNHURRIED } from '../support-time.ts';

/** A gatherer on the real Redis, with a look at each command that it gives to its client, and a hand on the replies. */
async function makeGather(timeoutMs = 20_000) {
  const { tap, client, redis, prefix, cache } = await makeTappedCache(UNHURRIED);
  const name = (key: string) => `${prefix}:${key}`;
  await redis.set(name('hot'), 'old', 'PX', 60_000);
  // The client is ready.
  await cache.get('warm');
  const link = new RedisLink({ client, timeoutMs });
  const run = vi.spyOn(link, 'run');
  const gather = new ReadGather(link);
  /** A read in a turn of its own, as a request of its own makes it. */
  const read = async (key = 'hot', options = {}) => {
    await nextTurn();
    const stored = gather.read(name(key), { mayWait: true, ...options });
    const text = stored.then((found) => found?.bytes.toString());
    // How it ends is looked at later.
    text.catch(() => {});
    await nextTurn();
    return { text };
  };
  const isGet = (event: RedisEvent) => event.name === 'GET' || event.name === 'MGET';
  return { gather, read, run, tap, redis, name, isGet, hold: () => tap.weather.hold(isGet, { at: 'reply' }) };
}

const textsOf = (reads: readonly { text: Promise<string | undefined> }[]) => reads.map(({ text }) => text);

describe('a key that many ask for', () => {
  it('has two reads on their way at most; all who come then share the next', async () => {
    const { read, run, hold } = await makeGather();
    const held = hold();
    const reads = [await read(), await read()];
    expect(run).toHaveBeenCalledTimes(2);
    for (let n = 0; n < 5; n++) reads.push(await read());
    expect(run).toHaveBeenCalledTimes(2);
    await held.arrived;
    held.release();
    expect(await Promise.all(textsOf(reads))).toEqual(Array.from({ length: 7 }, () => 'old'));
    expect(run).toHaveBeenCalledTimes(3);
    await (
      await read()
    ).text;
    expect(run).toHaveBeenCalledTimes(4);
  });

  it('gives who waited what stood there after they came, not what the others before them were sent for', async () => {
    const { read, redis, name, hold } = await makeGather();
    const held = hold();
    const [first, second] = [await read(), await read()];
    // Redis has answered the first by now; the second lies behind it.
    await held.arrived;
    await redis.set(name('hot'), 'new', 'PX', 60_000);
    const third = await read();
    held.release();
    expect(await first.text).toBe('old');
    expect(await third.text).toBe('new');
    await second.text;
  });

  it('does not hold up other keys, nor what one caller asks for together', async () => {
    const { gather, read, run, name, hold } = await makeGather();
    const held = hold();
    const reads = [await read(), await read(), await read('cold')];
    expect(run).toHaveBeenCalledTimes(3);
    const together = [
      gather.read(name('hot'), { maxKeys: 1_000 }),
      gather.read(name('cold'), { maxKeys: 1_000 }),
    ];
    await nextTurn();
    expect(run).toHaveBeenCalledTimes(4);
    await held.arrived;
    held.release();
    await Promise.all([...textsOf(reads), ...together]);
  });

  it('is read together with its companions, and tells its TTL to those who ask', async () => {
    const { gather, read, redis, name, hold } = await makeGather();
    await redis.set(name('tag'), 'stamp', 'PX', 60_000);
    const held = hold();
    const before = [await read(), await read()];
    const plain = await read();
    const batch = gather.join(name('hot'), { mayWait: true, wantsTtl: true, companions: [name('tag')] });
    await held.arrived;
    held.release();
    await batch.reply;
    expect(batch.get(name('tag'))).toEqual({ bytes: Buffer.from('stamp'), ttlMs: undefined });
    expect(batch.get(name('hot'))?.ttlMs).toBeGreaterThan(0);
    expect(await plain.text).toBe('old');
    await Promise.all(textsOf(before));
  });
});

describe('who waits for a read of a hot key', () => {
  it('waits for no more than a quarter of its time, and has the rest for its own read', async () => {
    const { read, run, isGet, tap } = await makeGather(4_000);
    const spell = tap.weather.hang(isGet);
    const reads = [await read(), await read(), await read(), await read()];
    for (const text of textsOf(reads)) await expect(text).rejects.toMatchObject({ fault: 'timeout' });
    expect(run).toHaveBeenCalledTimes(3);
    const { limitMs } = run.mock.calls[2]?.[2] ?? {};
    // A timer counts whole milliseconds.
    expect(limitMs).toBeLessThanOrEqual(3_001);
    spell.stop();
    expect(await (await read()).text).toBe('old');
  });

  it('is answered by a Redis that is slow but answers', async () => {
    const { read, run, isGet, tap } = await makeGather(4_000);
    const spell = tap.weather.delay(2_400, isGet);
    const reads = [await read(), await read(), await read(), await read()];
    expect(await Promise.all(textsOf(reads))).toEqual(['old', 'old', 'old', 'old']);
    expect(run).toHaveBeenCalledTimes(3);
    spell.stop();
  });

  it('has the rest of its time for its own read', async () => {
    const { read, run, hold } = await makeGather();
    const held = hold();
    const reads = [await read(), await read(), await read()];
    await held.arrived;
    held.release();
    await Promise.all(textsOf(reads));
    const limits = run.mock.calls.map(([, , options]) => options?.limitMs);
    expect(limits.slice(0, 2)).toEqual([undefined, undefined]);
    expect(limits[2]).toBeGreaterThan(0);
    expect(limits[2]).toBeLessThan(20_000);
  });

  it('asks for itself where the others were refused', async () => {
    const { read, run, isGet, tap, hold } = await makeGather();
    let refused = 0;
    const spell = tap.weather.fail((event) => isGet(event) && refused++ < 2, 'LOADING Redis is loading');
    const held = hold();
    const reads = [await read(), await read(), await read(), await read()];
    await held.arrived;
    held.release();
    const [first, second, third, fourth] = await Promise.allSettled(textsOf(reads));
    expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
    expect([third, fourth]).toEqual([
      { status: 'fulfilled', value: 'old' },
      { status: 'fulfilled', value: 'old' },
    ]);
    expect(run).toHaveBeenCalledTimes(3);
    spell.stop();
  });

  it('is not left waiting when the connection is lost', async () => {
    const { read, tap, hold } = await makeGather();
    const held = hold();
    const reads = [await read(), await read(), await read()];
    await held.arrived;
    const spell = tap.weather.refuse();
    const settled = await Promise.allSettled(textsOf(reads));
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    for (const result of settled) expect(result).toMatchObject({ reason: { fault: 'unavailable' } });
    spell.stop();
  });
});
