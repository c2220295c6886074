import { describe, expect, test } from 'vitest';
import { deltaCount, deltaRows } from '../src/delta.ts';

describe('deltaCount', () => {
  test.each([
    [0, 0],
    [5, 5],
    [300, 20],
    [10_000, 20],
    [50_000, 100],
    [200_000, 400],
    // Never 500: the demo's LIMIT would end the scan before the end of the table.
    [5_000_000, 400],
  ])('%i rows have %i', (rows, count) => {
    expect(deltaCount(rows)).toBe(count);
  });
});

describe('deltaRows', () => {
  test.each([20, 300, 999, 12_345, 200_000, 1_000_000])(
    'of %i lie one in each slice of the table',
    (rows) => {
      const ids = [...deltaRows(rows, 42)];
      const count = deltaCount(rows);
      expect(ids).toHaveLength(count);
      for (const [slice, id] of ids.entries()) {
        expect(id).toBeGreaterThan(Math.floor((slice * rows) / count));
        expect(id).toBeLessThanOrEqual(Math.floor(((slice + 1) * rows) / count));
      }
    },
  );

  test('move with the seed', () => {
    expect([...deltaRows(10_000, 1)]).not.toEqual([...deltaRows(10_000, 2)]);
  });
});
