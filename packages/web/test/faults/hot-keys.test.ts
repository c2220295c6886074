import { describe, expect, it } from 'vitest';
import { HotKeys } from '../../src/faults/hot-keys.ts';

describe('HotKeys', () => {
  it('gives the keys that were asked for most, the most asked first', () => {
    const keys = new HotKeys();
    for (const key of ['a', 'b', 'c', 'b', 'c', 'c']) keys.record(key);
    expect(keys.top(2)).toEqual(['c', 'b']);
    expect(keys.top(10)).toEqual(['c', 'b', 'a']);
  });

  it('lets go of what nobody asks for any more, and keeps what is hot', () => {
    const keys = new HotKeys();
    for (let index = 0; index < 10_000; index += 1) {
      keys.record('hot');
      keys.record(`cold:${index}`);
    }
    expect(keys.top(1)).toEqual(['hot']);
    expect(keys.top(100_000).length).toBeLessThanOrEqual(1_000);
  });
});
