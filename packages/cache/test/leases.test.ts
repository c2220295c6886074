import { assert, describe, expect, it, vi } from 'vitest';
import { gate, makeCache, makeTappedCache } from './support.ts';
import { called, leaseName, makePair, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };
const never = () => assert.fail('another process loads');

describe('two processes', () => {
  it('make one load of a missing key, and all readers of both get its value', async () => {
    const { here, there, redis, prefix } = makePair();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = [here, there].flatMap((cache) =>
      Array.from({ length: 100 }, () => cache.getOrLoadWithOutcome('key', load, TTL)),
    );
    await vi.waitFor(() => expect(here.stats().misses + there.stats().misses).toBe(200), PATIENCE);
    await vi.waitFor(() => expect(here.stats().leaseWaits + there.stats().leaseWaits).toBe(100), PATIENCE);
    held.open('value');
    const answers = await Promise.all(reads);
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set(['value']));
    expect(load).toHaveBeenCalledTimes(1);
    expect(answers.filter((answer) => answer.outcome === 'miss' && answer.coalesced)).toHaveLength(199);
    expect(here.stats().loads + there.stats().loads).toBe(1);
    expect(here.stats().coalesced + there.stats().coalesced).toBe(199);
    expect(await redis.exists(leaseName(prefix, 'key'))).toBe(0);
  });

  it('tell the waiting reader what it got, and how long that took', async () => {
    const { here, there } = makePair();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const first = here.getOrLoad('key', load, TTL);
    await called(load);
    const events: unknown[] = [];
    there.events.on('lease', (event) => events.push(event));
    const second = there.getOrLoadWithOutcome<string>('key', never, TTL);
    await vi.waitFor(() => expect(there.stats().leaseWaits).toBe(1), PATIENCE);
    held.open('value');
    await first;
    const answer = await second;
    expect(answer).toMatchObject({ outcome: 'miss', reason: 'absent', value: 'value', coalesced: true });
    expect(answer).toMatchObject({ storing: { stored: true, bytes: 8 }, storeMs: 0 });
    expect(events).toEqual([{ key: answer.key, state: 'waiting' }]);
    expect(there.stats().latency.wait.count).toBe(1);
  });

  it('of which one invalidates while the other loads: nothing is stored, and a later reader does not join', async () => {
    const { here, there, redis, prefix } = makePair();
    const [before, after] = [gate<string>(), gate<string>()];
    const load = vi.fn().mockReturnValueOnce(before.promise).mockReturnValueOnce(after.promise);
    const early = here.getOrLoadWithOutcome<string>('key', load, TTL);
    await called(load, 1);
    expect(await there.invalidate('key')).toBe(true);
    const late = here.getOrLoadWithOutcome<string>('key', load, TTL);
    await called(load, 2);

    before.open('old');
    expect(await early).toMatchObject({
      value: 'old',
      storing: { stored: false, storeReason: 'superseded' },
    });
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
    after.open('new');
    expect(await late).toMatchObject({ value: 'new', coalesced: false, storing: { stored: true } });
    expect(here.stats()).toMatchObject({ voidedLoads: 1, writes: 1, loads: 2 });
  });

  it('of which one sets the value while the other loads: what was set stays', async () => {
    const { here, there } = makePair();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const early = here.getOrLoadWithOutcome('key', load, TTL);
    await called(load);
    expect(await there.set('key', 'set', TTL)).toBe(true);
    held.open('old');
    expect(await early).toMatchObject({ value: 'old', storing: { storeReason: 'superseded' } });
    expect(await here.getOrLoad<string>('key', never, TTL)).toBe('set');
  });

  it('that name the tags in another order still share a load', async () => {
    const { here, there } = makePair();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const first = here.getOrLoad('key', load, { ...TTL, tags: ['b', 'a'] });
    await called(load);
    const second = there.getOrLoad<string>('key', never, { ...TTL, tags: ['a', 'b', 'a'] });
    await vi.waitFor(() => expect(there.stats().leaseWaits).toBe(1), PATIENCE);
    held.open('value');
    expect(await Promise.all([first, second])).toEqual(['value', 'value']);
  });

  it('pass a failed load on: the waiting one loads for itself', async () => {
    const { here, there } = makePair();
    const held = gate<string>();
    const failing = vi.fn(() => held.promise);
    const first = here.getOrLoad('key', failing, TTL);
    await called(failing);
    const load = vi.fn(() => 'value');
    const second = there.getOrLoad('key', load, TTL);
    await vi.waitFor(() => expect(there.stats().leaseWaits).toBe(1), PATIENCE);
    held.fail(new Error('deadlock found'));
    await expect(first).rejects.toThrow('deadlock found');
    expect(await second).toBe('value');
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe('a lease', () => {
  it('is taken over when its time is over, because its holder has died', async () => {
    const time = manualTime();
    const { here, there, redis, prefix } = makePair({ time, lease: { ms: 600_000 } });
    // The holder loads for ever: from here on it is as good as dead, for no renewal is due before the clock is set forward.
    const dead = vi.fn(() => new Promise<string>(() => {}));
    void here.getOrLoad('key', dead, TTL);
    await called(dead);
    const load = vi.fn(() => 'value');
    const read = there.getOrLoad('key', load, TTL);
    // One pause is the holder's own, before it would renew.
    await time.untilPausing(2);
    expect(load).not.toHaveBeenCalled();
    expect(await redis.pexpire(leaseName(prefix, 'key'), 0)).toBe(1);
    time.advance(100);
    expect(await read).toBe('value');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('outlives a client that was disconnected in the middle of a load, and ends by itself', async () => {
    const { cache, client, prefix, redis } = await makeTappedCache({ ...UNHURRIED, lease: { ms: 600_000 } });
    const time = manualTime();
    const other = makeCache({ ...UNHURRIED, prefix, time });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const early = cache.getOrLoadWithOutcome('key', load, TTL);
    await called(load);
    client.disconnect();
    const read = other.cache.getOrLoad('key', () => 'new', TTL);
    await time.untilPausing();
    await redis.pexpire(leaseName(prefix, 'key'), 0);
    time.advance(100);
    expect(await read).toBe('new');
    held.open('old');
    expect(await early).toMatchObject({
      value: 'old',
      storing: { stored: false, storeReason: 'unavailable' },
    });
    expect(await redis.get(`${prefix}:key`)).toBe('j"new"');
  });

  it('is waited for no longer than waitMs: then the reader loads for itself, and does not store', async () => {
    const time = manualTime();
    const { here, there, redis, prefix } = makePair({ time, lease: { ms: 600_000, waitMs: 250 } });
    const held = gate<string>();
    const slow = vi.fn(() => held.promise);
    const first = here.getOrLoadWithOutcome('key', slow, TTL);
    await called(slow);
    const states: string[] = [];
    there.events.on('lease', ({ state }) => states.push(state));
    const second = there.getOrLoadWithOutcome('key', () => 'mine', TTL);
    await time.untilPausing(2);
    time.advance(250);
    expect(await second).toMatchObject({
      outcome: 'miss',
      value: 'mine',
      coalesced: false,
      storing: { stored: false, storeReason: 'elsewhere' },
    });
    expect(states).toEqual(['waiting', 'gave-up']);
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
    held.open('theirs');
    expect(await first).toMatchObject({ value: 'theirs', storing: { stored: true } });
  });

  it('is looked at ever less often, and once a pause for all readers of a process', async () => {
    const time = manualTime();
    const { here, there } = makePair({ time, lease: { ms: 600_000, waitMs: 1_000_000 } });
    const held = gate<string>();
    const slow = vi.fn(() => held.promise);
    const first = here.getOrLoad('key', slow, TTL);
    await called(slow);
    const own = time.pauses();
    expect(own).toEqual([200_000]);
    const reads = Array.from({ length: 50 }, () => there.getOrLoad<string>('key', never, TTL));
    await vi.waitFor(() => expect(there.stats().leaseWaits).toBe(50), PATIENCE);
    const lengths: number[] = [];
    for (let look = 0; look < 12; look++) {
      await time.untilPausing(2);
      const [, ms = 0, ...more] = time.pauses();
      expect(more).toEqual([]);
      lengths.push(ms);
      time.advance(Math.ceil(ms));
    }
    expect(lengths[0]).toBeLessThan(10);
    expect(lengths.at(-1)).toBe(100);
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
    await time.untilPausing(2);
    held.open('value');
    await first;
    time.advance(100);
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['value']));
  });
});
