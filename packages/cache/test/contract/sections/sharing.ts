import { describe, expect, it, vi } from 'vitest';
import { gate } from '../../support.ts';
import type { Bench } from '../bench.ts';
import { PATIENCE, TTL } from '../bench.ts';

/** Loads that several processes want at once, and invalidations that come between. */
export function sharing({ makePair }: Bench): void {
  describe('one load a key', () => {
    it('for all readers of all processes', async () => {
      const { here, there } = makePair();
      const held = gate<string>();
      const load = vi.fn(() => held.promise);
      const reads = [here, there].flatMap((cache) =>
        Array.from({ length: 50 }, () => cache.getOrLoad('key', load, TTL)),
      );
      await vi.waitFor(() => expect(here.stats().misses + there.stats().misses).toBe(100), PATIENCE);
      await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), PATIENCE);
      held.open('value');
      expect(new Set(await Promise.all(reads))).toEqual(new Set(['value']));
      expect(load).toHaveBeenCalledTimes(1);
      expect(here.stats().loads + there.stats().loads).toBe(1);
    });

    it('and no load for keys of their own waits for another', async () => {
      const { here } = makePair();
      const load = vi.fn((id: number) => id * 2);
      const reads = Array.from({ length: 50 }, (_, id) => here.getOrLoad(`key:${id}`, () => load(id), TTL));
      expect(await Promise.all(reads)).toEqual(Array.from({ length: 50 }, (_, id) => id * 2));
      expect(load).toHaveBeenCalledTimes(50);
    });

    it('for a load that fails: every reader here gets its error', async () => {
      const { here } = makePair();
      const held = gate<string>();
      const load = vi.fn(() => held.promise);
      const reads = Promise.allSettled(Array.from({ length: 50 }, () => here.getOrLoad('key', load, TTL)));
      await vi.waitFor(() => expect(here.stats().misses).toBe(50), PATIENCE);
      await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), PATIENCE);
      held.fail(new Error('deadlock found'));
      for (const result of await reads) {
        expect(result).toMatchObject({ status: 'rejected', reason: { message: 'deadlock found' } });
      }
      expect(load).toHaveBeenCalledTimes(1);
    });
  });

  describe('an invalidation during a load', () => {
    it.each(['invalidate', 'set', 'clear', 'invalidateTags'] as const)(
      '(%s, by another process) keeps its value from being stored, and from who reads afterwards',
      async (how) => {
        const { here, there } = makePair();
        const [before, after] = [gate<string>(), gate<string>()];
        const load = vi.fn().mockReturnValueOnce(before.promise).mockReturnValueOnce(after.promise);
        const options = { ...TTL, tags: ['tag'] };
        const early = here.getOrLoadWithOutcome<string>('key', load, options);
        await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), PATIENCE);

        if (how === 'invalidate') expect(await there.invalidate('key')).toBe(true);
        if (how === 'set') expect(await there.set('key', 'written', { ...TTL, tags: ['tag'] })).toBe(true);
        if (how === 'clear') expect(await there.clear()).toMatchObject({ error: undefined });
        if (how === 'invalidateTags') expect(await there.invalidateTags(['tag'])).toBe(true);
        const late = here.getOrLoad<string>('key', load, options);
        before.open('old');
        after.open('new');

        // A value whose tag was invalidated may be stored: it carries the old stamp, and nobody takes it.
        const stored = how === 'invalidateTags' ? expect.any(Boolean) : false;
        expect(await early).toMatchObject({ value: 'old', storing: { stored } });
        const [right, calls] = how === 'set' ? ['written', 1] : ['new', 2];
        expect(await late).toBe(right);
        expect(await there.getOrLoad<string>('key', () => 'loaded again', options)).toBe(right);
        expect(load).toHaveBeenCalledTimes(calls);
      },
    );
  });
}
