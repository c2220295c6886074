import { describe, expect, it } from 'vitest';
import { Poll } from '../../src/dashboard/poll.ts';
import { Rate } from '../../src/dashboard/rate.ts';

describe('Poll', () => {
  it('gives what the engine says', async () => {
    expect(await new Poll(async () => 7, 20_000).take()).toEqual({ watch: 'ok', figures: 7 });
  });

  it('says that nobody is asked', async () => {
    expect(await new Poll(undefined, 20_000).take()).toEqual({ watch: 'unwatched', figures: undefined });
  });

  it('finds an engine that fails away', async () => {
    const poll = new Poll(() => Promise.reject(new Error('gone')), 20_000);
    expect(await poll.take()).toEqual({ watch: 'away', figures: undefined });
    expect(await poll.take()).toEqual({ watch: 'away', figures: undefined });
  });

  it('gives up on one that is too slow, tells it so, and does not ask again before it has answered', async () => {
    let asked = 0;
    let answer = (_figures: number): void => {};
    let abandoned = false;
    const poll = new Poll((signal) => {
      asked++;
      signal.addEventListener('abort', () => (abandoned = true));
      return new Promise<number>((resolve) => (answer = resolve));
    }, 1);
    expect((await poll.take()).watch).toBe('away');
    expect(abandoned).toBe(true);
    expect((await poll.take()).watch).toBe('away');
    expect(asked).toBe(1);
    answer(1);
    const next = poll.take();
    expect((await next).watch).toBe('away');
    const later = poll.take();
    expect(asked).toBe(2);
    await later;
  });
});

describe('Rate', () => {
  it('is of what was added since the last time', () => {
    const rate = new Rate();
    expect(rate.next(100, 1_000)).toBeNull();
    expect(rate.next(150, 2_000)).toBe(50);
    expect(rate.next(150, 3_000)).toBe(0);
    expect(rate.next(160, 3_500)).toBe(20);
  });

  it('has nothing to say across a gap, of a counter that began anew, or of no time', () => {
    const rate = new Rate();
    rate.next(100, 1_000);
    expect(rate.next(undefined, 2_000)).toBeNull();
    expect(rate.next(500, 3_000)).toBeNull();
    expect(rate.next(10, 4_000)).toBeNull();
    expect(rate.next(20, 5_000)).toBe(10);
    expect(rate.next(30, 5_000)).toBeNull();
  });
});
