import { expect, test } from 'vitest';
import type { TableState } from '../src/table-state.ts';
import { describeContents, readContents } from '../src/table-state.ts';
import type { Replace, Verdict } from '../src/verdict.ts';
import { judge } from '../src/verdict.ts';

const wanted = { made: 'generator 1, seed 1', totalRows: 100 };

const states = {
  missing: { exists: false, rows: 0, sameColumns: false },
  whole: state({ kind: 'generated', made: wanted.made, rows: 100 }, 100),
  'with a row deleted': state({ kind: 'generated', made: wanted.made, rows: 100 }, 99),
  'of another size': state({ kind: 'generated', made: wanted.made, rows: 50 }, 50),
  'of another generator': state({ kind: 'generated', made: 'generator 0, seed 1', rows: 100 }, 100),
  'a fixture': state({ kind: 'fixture', made: wanted.made, rows: 100 }, 100),
  'from a CSV': state({ kind: 'csv', made: 'a.csv', rows: 7 }, 7),
  'from a CSV, then edited': state({ kind: 'csv', made: 'a.csv', rows: 7 }, 6),
  "somebody's own of our shape": { exists: true, rows: 7, sameColumns: true },
  "somebody's own of our shape, empty": { exists: true, rows: 0, sameColumns: true },
  "somebody's own": { exists: true, rows: 7, sameColumns: false },
  "somebody's own, empty": { exists: true, rows: 0, sameColumns: false },
} satisfies Record<string, TableState>;

function state(contents: NonNullable<TableState['contents']>, rows: number): TableState {
  return { exists: true, contents, rows, sameColumns: true };
}

test.each<[keyof typeof states, Record<Replace, Verdict>]>([
  ['missing', { nothing: 'load', outdated: 'load', imported: 'load', anything: 'load' }],
  ['whole', { nothing: 'keep', outdated: 'keep', imported: 'keep', anything: 'load' }],
  ['with a row deleted', { nothing: 'keep', outdated: 'load', imported: 'load', anything: 'load' }],
  ['of another size', { nothing: 'keep', outdated: 'load', imported: 'load', anything: 'load' }],
  ['of another generator', { nothing: 'keep', outdated: 'load', imported: 'load', anything: 'load' }],
  ['a fixture', { nothing: 'keep', outdated: 'load', imported: 'load', anything: 'load' }],
  ['from a CSV', { nothing: 'keep', outdated: 'keep', imported: 'load', anything: 'load' }],
  ['from a CSV, then edited', { nothing: 'keep', outdated: 'keep', imported: 'load', anything: 'load' }],
  ["somebody's own of our shape", { nothing: 'keep', outdated: 'keep', imported: 'load', anything: 'load' }],
  [
    "somebody's own of our shape, empty",
    { nothing: 'load', outdated: 'load', imported: 'load', anything: 'load' },
  ],
  ["somebody's own", { nothing: 'keep', outdated: 'refuse', imported: 'refuse', anything: 'load' }],
  ["somebody's own, empty", { nothing: 'refuse', outdated: 'refuse', imported: 'refuse', anything: 'load' }],
])('a table that is %s', (name, verdicts) => {
  for (const [replace, verdict] of Object.entries(verdicts)) {
    expect([replace, judge(states[name], wanted, replace as Replace)]).toEqual([replace, verdict]);
  }
});

test('contents are read back from a comment as they were written, whatever the file was called', () => {
  const contents = { kind: 'csv', made: "it's, 5 rows\nlong.csv", rows: 12 } as const;
  expect(readContents(describeContents(contents))).toEqual(contents);
  expect(describeContents({ ...contents, made: 'x'.repeat(5_000) }).length).toBeLessThanOrEqual(2_048);
});

test.each([
  '',
  'a comment of somebody',
  'workshop data: not whole yet',
  'workshop data: generated, v1, many rows',
])('%j is not a comment of ours', (comment) => {
  expect(readContents(comment)).toBeUndefined();
});
