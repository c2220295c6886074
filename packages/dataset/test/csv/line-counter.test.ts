import { expect, test } from 'vitest';
import { LineCounter } from '../../src/csv/line-counter.ts';

test('counts lines across chunks, ended by LF or CRLF', () => {
  const lines = new LineCounter(1, 0);
  lines.read(Buffer.from('ab\ncd\r'));
  expect([0, 2, 3].map((at) => lines.lineAt(at))).toEqual([1, 1, 2]);
  lines.read(Buffer.from('\n\nef'));
  expect([6, 7, 8, 9].map((at) => lines.lineAt(at))).toEqual([2, 3, 4, 4]);
  // The byte after the last.
  expect(lines.lineAt(10)).toBe(4);
});

test('goes on from any line', () => {
  const lines = new LineCounter(12, 1_000);
  lines.read(Buffer.from('x\ny\n'));
  expect([1_000, 1_002, 1_004].map((at) => lines.lineAt(at))).toEqual([12, 13, 14]);
});
