import { describe, expect, it, vi } from 'vitest';
import type { BreakerState } from '../../src/redis/breaker.ts';
import { CircuitBreaker } from '../../src/redis/breaker.ts';
import { makeTappedCache } from '../support.ts';
import { manualTime, PATIENCE } from '../support-time.ts';

const TTL = { ttlMs: 60_000 };

function makeBreaker(faults = 3) {
  const time = manualTime();
  const states: BreakerState[] = [];
  const breaker = new CircuitBreaker({
    faults,
    openMs: 1_000,
    now: time.now,
    onState: (state) => states.push(state),
  });
  return { breaker, time, states };
}

describe('the circuit breaker', () => {
  it('opens after so many time-outs in a row, and then admits nothing', () => {
    const { breaker, states } = makeBreaker(3);
    for (let fault = 0; fault < 2; fault++) breaker.timedOut();
    expect([breaker.admits(), breaker.state]).toEqual([true, 'closed']);
    breaker.timedOut();
    expect([breaker.admits(), breaker.state]).toEqual([false, 'open']);
    expect(states).toEqual(['open']);
  });

  it('counts only those in a row', () => {
    const { breaker } = makeBreaker(3);
    for (let round = 0; round < 10; round++) {
      breaker.timedOut();
      breaker.timedOut();
      breaker.answered();
    }
    expect(breaker.state).toBe('closed');
  });

  it('admits one after its time, and no second until that one has reported', () => {
    const { breaker, time, states } = makeBreaker(1);
    breaker.timedOut();
    time.advance(999);
    expect(breaker.admits()).toBe(false);
    time.advance(1);
    expect([breaker.admits(), breaker.admits(), breaker.admits()]).toEqual([true, false, false]);
    expect(states).toEqual(['open', 'half-open']);
    breaker.answered();
    expect([breaker.admits(), breaker.admits()]).toEqual([true, true]);
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('stays open for another while when the trial times out too', () => {
    const { breaker, time, states } = makeBreaker(3);
    for (let fault = 0; fault < 3; fault++) breaker.timedOut();
    time.advance(1_000);
    expect(breaker.admits()).toBe(true);
    breaker.timedOut();
    expect(breaker.admits()).toBe(false);
    time.advance(999);
    expect(breaker.admits()).toBe(false);
    time.advance(1);
    expect(breaker.admits()).toBe(true);
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open']);
  });

  it('lets another try when the trial never reports', () => {
    const { breaker, time } = makeBreaker(1);
    breaker.timedOut();
    time.advance(1_000);
    expect(breaker.admits()).toBe(true);
    time.advance(1_000);
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
  });

  it('is not kept open longer by time-outs of commands that were under way when it opened', () => {
    const { breaker, time } = makeBreaker(1);
    breaker.timedOut();
    time.advance(600);
    breaker.timedOut();
    time.advance(400);
    expect(breaker.admits()).toBe(true);
  });

  it('closes at once when anything is answered', () => {
    const { breaker, states } = makeBreaker(1);
    breaker.timedOut();
    breaker.answered();
    expect(breaker.admits()).toBe(true);
    expect(states).toEqual(['open', 'closed']);
  });
});

describe('a cache whose Redis hangs', () => {
  it('stops asking it, asks once a while whether it is back, and goes on when it is', async () => {
    const time = manualTime();
    const { cache, tap } = await makeTappedCache({
      timeoutMs: 100,
      breaker: { faults: 2, openMs: 5_000 },
      time,
    });
    const states: string[] = [];
    cache.events.on('breaker', ({ state }) => states.push(state));
    await vi.waitFor(async () => {
      time.advance(5_000);
      expect(await cache.set('key', 'stored', TTL)).toBe(true);
    }, PATIENCE);
    states.length = 0;
    const spell = tap.weather.hang();
    for (let read = 0; read < 2; read++) {
      expect(await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL)).toMatchObject({
        reason: 'timeout',
      });
    }
    expect(cache.stats().breakerOpen).toBe(true);
    const mark = tap.record.mark();
    for (let read = 0; read < 20; read++) {
      const answer = await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL);
      expect(answer).toMatchObject({ outcome: 'bypass', reason: 'unavailable', value: 'loaded' });
    }
    expect(tap.record.since(mark)).toEqual([]);

    time.advance(5_000);
    const trials = await Promise.all([1, 2, 3].map((id) => cache.getOrLoadWithOutcome('key', () => id, TTL)));
    expect(trials.map(({ outcome }) => outcome)).toEqual(['bypass', 'bypass', 'bypass']);
    expect(states).toEqual(['open', 'half-open', 'open']);

    spell.stop();
    time.advance(5_000);
    await vi.waitFor(async () => {
      time.advance(5_000);
      expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 'stored' });
    }, PATIENCE);
    expect(states.at(-1)).toBe('closed');
    expect(cache.stats().breakerOpen).toBe(false);
  });

  it('sends invalidations all the same, and makes good what is owed as soon as it answers', async () => {
    const time = manualTime();
    const { cache, tap, redis, prefix } = await makeTappedCache({
      timeoutMs: 100,
      breaker: { faults: 1, openMs: 5_000 },
      time,
    });
    await vi.waitFor(async () => {
      time.advance(5_000);
      expect(await cache.set('key', 'old', TTL)).toBe(true);
    }, PATIENCE);
    const spell = tap.weather.hang();
    expect(await cache.invalidate('key')).toBe(false);
    expect(cache.stats()).toMatchObject({ owedInvalidations: 1, breakerOpen: true });
    expect(await cache.get('key')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    spell.stop();
    await vi.waitFor(async () => {
      time.advance(5_000);
      await cache.get('other');
      expect(cache.stats().owedInvalidations).toBe(0);
    }, PATIENCE);
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
    expect(await cache.getOrLoad('key', () => 'new', TTL)).toBe('new');
  });

  it('is asked each time where the breaker is turned off', async () => {
    const { cache, tap } = await makeTappedCache({ timeoutMs: 30, breaker: false });
    await cache.get('warm');
    tap.weather.hang();
    for (let read = 0; read < 8; read++) {
      expect(await cache.get('key')).toMatchObject({ outcome: 'bypass', reason: 'timeout' });
    }
    expect(cache.stats().breakerOpen).toBe(false);
  });

  it('that answers with errors is not taken for one that hangs', async () => {
    const { cache, tap } = await makeTappedCache({ timeoutMs: 20_000, breaker: { faults: 1 } });
    tap.weather.fail(({ name }) => name === 'GET', 'LOADING Redis is loading the dataset in memory');
    for (let read = 0; read < 5; read++) {
      expect(await cache.getOrLoadWithOutcome('key', () => 1, TTL)).toMatchObject({ reason: 'reply' });
    }
    expect(cache.stats().breakerOpen).toBe(false);
  });
});
