import { describe, expect, it, vi } from 'vitest';
import { gate } from '../../support.ts';
import type { Bench } from '../bench.ts';
import { PATIENCE, TTL } from '../bench.ts';

/** Values past their time, and values in the process itself. */
export function staying({ makePair }: Bench): void {
  describe('time', () => {
    /** A clock that a test sets forward; waiting is still real. */
    function makeClock() {
      let aheadMs = 0;
      return {
        advance: (ms: number) => (aheadMs += ms),
        time: {
          now: () => Date.now() + aheadMs,
          random: () => 0.5,
          delay: (ms: number, signal: AbortSignal) =>
            new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, ms);
              signal.addEventListener('abort', () => {
                clearTimeout(timer);
                resolve();
              });
            }),
        },
      };
    }

    it('serves a stale value at once while one load brings the new one', async () => {
      const clock = makeClock();
      const { here, there } = makePair({ time: clock.time });
      const options = { ttlMs: 1_000, staleWhileRevalidateMs: 600_000 };
      await here.getOrLoad('key', () => 'old', options);
      await vi.waitFor(async () => expect(await there.get('key')).toMatchObject({ value: 'old' }), PATIENCE);
      clock.advance(5_000);
      const held = gate<string>();
      const load = vi.fn(() => held.promise);
      const stale = await Promise.all(
        [here, there, here, there].map((cache) => cache.getOrLoadWithOutcome('key', load, options)),
      );
      for (const answer of stale) {
        expect(answer).toMatchObject({ outcome: 'hit', reason: 'stale', value: 'old' });
      }
      held.open('new');
      await vi.waitFor(async () => {
        const fresh = await there.getOrLoadWithOutcome('key', () => 'not asked', options);
        expect(fresh).toMatchObject({ outcome: 'hit', reason: 'found', value: 'new' });
      }, PATIENCE);
      expect(load).toHaveBeenCalledTimes(1);
    });

    it('falls back to the stale value when the load fails', async () => {
      const clock = makeClock();
      const { here, there } = makePair({ time: clock.time });
      const options = { ttlMs: 1_000, staleIfErrorMs: 600_000 };
      await here.getOrLoad('key', () => 'old', options);
      await vi.waitFor(async () => expect(await there.get('key')).toMatchObject({ value: 'old' }), PATIENCE);
      clock.advance(5_000);
      const failing = () => Promise.reject(new Error('the database is away'));
      expect(await there.getOrLoad<string>('key', failing, options)).toBe('old');
      expect(await there.getOrLoad('key', () => 'new', options)).toBe('new');
      clock.advance(700_000);
      await expect(there.getOrLoad<string>('key', failing, options)).rejects.toThrow('the database is away');
    });
  });

  describe('the near cache', () => {
    it('answers without Redis, until another process invalidates the key or its tag', async () => {
      const { here, there } = makePair({ near: { maxEntries: 100 } });
      const options = { ...TTL, tags: ['tag'] };
      const read = (value: string) => here.getOrLoadWithOutcome('key', () => value, options);
      const nearHit = (value: string) =>
        vi.waitFor(async () => {
          expect(await read('not asked')).toMatchObject({ outcome: 'hit', reason: 'near', value });
        }, PATIENCE);
      const gone = (value: string) =>
        vi.waitFor(async () => {
          expect(await read(value)).toMatchObject({ value });
        }, PATIENCE);
      await read('first');
      await nearHit('first');
      expect(await there.invalidate('key')).toBe(true);
      await gone('second');
      await nearHit('second');
      expect(await there.invalidateTags(['tag'])).toBe(true);
      await gone('third');
      await nearHit('third');
      expect(await there.set('key', 'fourth', options)).toBe(true);
      await nearHit('fourth');
      expect(here.stats().nearHits).toBeGreaterThan(0);
    });
  });
}
