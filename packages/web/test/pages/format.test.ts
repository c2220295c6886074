import { describe, expect, it } from 'vitest';
import { showBytes, showCount, showMs, showRatio, showSeconds, splitAtTerm } from '../../src/pages/format.ts';

describe('figures for a room', () => {
  it.each([
    [0.0004, '0.00 ms'],
    [0.836, '0.84 ms'],
    [0.996, '1.0 ms'],
    [1.24, '1.2 ms'],
    [9.96, '10.0 ms'],
    [99.6, '100 ms'],
    [212.7, '213 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1_213, '1.2 s'],
    [61_000, '61.0 s'],
  ])('shows %d ms as %s', (durationMs, text) => {
    expect(showMs(durationMs)).toBe(text);
  });

  it.each([
    [-5, '0 s'],
    [1, '1 s'],
    [59_001, '60 s'],
    [60_000, '60 s'],
    [120_000, '2 min'],
    [245_000, '4 min 5 s'],
    [7_380_000, '2 h 3 min'],
    [7_200_000, '2 h'],
  ])('shows the time left of %d ms as %s', (durationMs, text) => {
    expect(showSeconds(durationMs)).toBe(text);
  });

  it('shows sizes, counts and ratios', () => {
    expect([999, 1_000, 184_948, 5_120_000].map(showBytes)).toEqual([
      '999 bytes',
      '1.0 kB',
      '185 kB',
      '5.1 MB',
    ]);
    expect([showCount(0, 'row'), showCount(1, 'row'), showCount(1_234, 'key')]).toEqual([
      '0 rows',
      '1 row',
      '1,234 keys',
    ]);
    expect([0.84, 9.96, 97.4, 1_234.5].map(showRatio)).toEqual(['0.8', '10.0', '97', '1,235']);
  });
});

describe('splitAtTerm', () => {
  it('cuts out the term, letter case aside, and takes its signs literally', () => {
    expect(splitAtTerm('The Delta and the delta', 'delta')).toEqual([
      'The ',
      'Delta',
      ' and the ',
      'delta',
      '',
    ]);
    expect(splitAtTerm('about 100% (a.b)', '0% (a.')).toEqual(['about 10', '0% (a.', 'b)']);
    expect(splitAtTerm('nothing here', 'x')).toEqual(['nothing here']);
    expect(splitAtTerm('\u{1F993}', '\u{1F993}')).toEqual(['', '\u{1F993}', '']);
  });

  it.each(['[', ']', '(', '\\', '^', '$', '|', '{1}', '*', '+', '?', '.', '-', '/', 'a-b'])(
    'takes %s for itself',
    (term) => {
      expect(splitAtTerm(`<${term}>`, term)).toEqual(['<', term, '>']);
    },
  );
});
