import { describe, expect, test } from 'vitest';
import type { Progress } from '../src/progress.ts';
import { waiting } from '../src/progress.ts';
import { createProgressPrinter } from '../src/progress-printer.ts';

const moment: Progress = {
  table: 'articles',
  step: 'loading',
  rows: 50_000,
  totalRows: 200_000,
  fraction: 0.25,
  rowsPerSecond: 61_234.5,
  secondsLeft: 2.4,
  elapsedMs: 800,
};
const done: Progress = {
  ...moment,
  step: 'done',
  rows: 200_000,
  fraction: 1,
  secondsLeft: 0,
  elapsedMs: 3_210,
};

function printer(output: { isTTY?: boolean; columns?: number }): {
  at: (ms: number, progress: Progress) => void;
  written: string[];
} {
  let now = 0;
  const written: string[] = [];
  const print = createProgressPrinter({ ...output, write: (text) => written.push(text) }, () => now);
  return {
    at: (ms, progress) => {
      now = ms;
      print(progress);
    },
    written,
  };
}

describe('in a terminal', () => {
  test('redraws one line, ten times a second at most, and leaves the last', () => {
    const { at, written } = printer({ isTTY: true, columns: 80 });
    at(0, moment);
    at(50, moment);
    at(150, moment);
    at(160, { ...moment, step: 'storing', fraction: 1, rows: 200_000 });
    at(170, done);
    const clear = '\r\u001B[2K';
    expect(written).toEqual([
      `${clear}articles ###.........  25%  50,000 of 200,000 rows, 61,235 rows/s, 3 s left`,
      `${clear}articles ###.........  25%  50,000 of 200,000 rows, 61,235 rows/s, 3 s left`,
      `${clear}articles ############ 100%  200,000 of 200,000 rows, the server is finishing`,
      `${clear}articles 200,000 rows in 3.2 s, 61,235 rows/s\n`,
    ]);
  });

  test.each([20, 60, 75, 80, 120, 200])('never fills a line of %i columns to its end', (columns) => {
    const { at, written } = printer({ isTTY: true, columns });
    at(0, { ...moment, rows: 5_000_000, totalRows: 5_000_000, secondsLeft: 5_000 });
    at(200, waiting('articles'));
    for (const text of written)
      expect(text.replace('\r\u001B[2K', '').trimEnd().length).toBeLessThan(columns);
  });
});

describe('in a log', () => {
  test('writes a line every two seconds, and one at the end of each table', () => {
    const { at, written } = printer({});
    at(0, moment);
    at(1_900, moment);
    at(2_100, { ...moment, secondsLeft: 100 });
    at(2_200, moment);
    at(3_000, done);
    at(3_010, { ...moment, table: 'cities' });
    at(3_400, { ...done, table: 'cities' });
    expect(written).toEqual([
      'articles: 50,000 of 200,000 rows, 61,235 rows/s, 2 min left\n',
      'articles: 200,000 rows in 3.2 s, 61,235 rows/s\n',
      'cities: 200,000 rows in 3.2 s, 61,235 rows/s\n',
    ]);
  });

  test('says at once that another process has to finish first', () => {
    const { at, written } = printer({});
    at(0, waiting('articles'));
    expect(written).toEqual([
      'articles: another process is loading this database; waiting for it to finish\n',
    ]);
  });
});
