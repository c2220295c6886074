import { expect, test } from 'vitest';
import type { Progress } from '../src/progress.ts';
import { ProgressMeter } from '../src/progress.ts';

function meter(totalRows?: number): { meter: ProgressMeter; at: (ms: number) => void; seen: Progress[] } {
  let now = 1_000;
  const seen: Progress[] = [];
  return {
    meter: new ProgressMeter(
      'articles',
      (progress) => seen.push(progress),
      totalRows,
      () => now,
    ),
    at: (ms) => (now = 1_000 + ms),
    seen,
  };
}

test('tells rows a second and the time left from the average so far', () => {
  const { meter: progress, at, seen } = meter(1_000);
  at(100);
  progress.sent(100);
  at(1_000);
  progress.sent(150);
  at(4_000);
  progress.sent(750);
  progress.done();
  expect(seen).toEqual([
    // Too early for a guess.
    {
      table: 'articles',
      step: 'loading',
      rows: 100,
      totalRows: 1_000,
      fraction: 0.1,
      rowsPerSecond: 1_000,
      elapsedMs: 100,
    },
    {
      table: 'articles',
      step: 'loading',
      rows: 250,
      totalRows: 1_000,
      fraction: 0.25,
      rowsPerSecond: 250,
      secondsLeft: 3,
      elapsedMs: 1_000,
    },
    {
      table: 'articles',
      step: 'storing',
      rows: 1_000,
      totalRows: 1_000,
      fraction: 1,
      rowsPerSecond: 250,
      secondsLeft: 0,
      elapsedMs: 4_000,
    },
    {
      table: 'articles',
      step: 'done',
      rows: 1_000,
      totalRows: 1_000,
      fraction: 1,
      rowsPerSecond: 250,
      secondsLeft: 0,
      elapsedMs: 4_000,
    },
  ]);
});

test('takes the share of a file for rows that nobody has counted', () => {
  const { meter: progress, at, seen } = meter();
  at(2_000);
  progress.sent(500, 0.2);
  expect(seen).toEqual([
    {
      table: 'articles',
      step: 'loading',
      rows: 500,
      fraction: 0.2,
      rowsPerSecond: 250,
      secondsLeft: 8,
      elapsedMs: 2_000,
    },
  ]);
});
