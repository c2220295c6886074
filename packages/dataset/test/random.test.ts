import { describe, expect, test } from 'vitest';
import { hash, Random } from '../src/random.ts';

describe('Random', () => {
  test('gives the same run for the same start', () => {
    const one = new Random(7);
    const other = new Random(7);
    const run = (random: Random): number[] => Array.from({ length: 5 }, () => random.next());
    expect(run(one)).toEqual(run(other));
    one.restart(7);
    other.restart(8);
    expect(run(one)).not.toEqual(run(other));
  });

  test('reaches both ends of a range and never leaves it', () => {
    const random = new Random(1);
    const seen = new Set(Array.from({ length: 2_000 }, () => random.between(-3, 3)));
    expect([...seen].toSorted((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  });

  test('picks every choice about as often', () => {
    const counts = new Map<string, number>();
    for (let id = 0; id < 12_000; id++) {
      const choice = new Random(hash(5, id)).pick(['a', 'b', 'c']);
      counts.set(choice, (counts.get(choice) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(count).toBeGreaterThan(3_700);
    expect(counts.size).toBe(3);
  });
});
