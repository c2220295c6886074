import { describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../src/errors.ts';
import { checkRows, DEFAULT_ROWS, parseRows } from '../src/parse-rows.ts';

describe('parseRows', () => {
  test.each([
    ['1000', 1_000],
    ['50_000', 50_000],
    ['1,250,000', 1_250_000],
    [' 5000000 ', 5_000_000],
  ])('reads %j', (text, rows) => {
    expect(parseRows(text)).toBe(rows);
  });

  test.each([undefined, '', '  '])('takes the default for %j', (text) => {
    expect(parseRows(text)).toBe(DEFAULT_ROWS);
  });

  test.each(['0', '999', '5000001', '-5', '1e4', '12.5', 'many', '1_0', '0x1000'])(
    'refuses %j, naming what it was given for',
    (text) => {
      expect(() => parseRows(text, '--rows')).toThrow(
        new InvalidOptionError('--rows', text, 'a whole number from 1000 to 5000000'),
      );
    },
  );

  test('names the variable by itself', () => {
    expect(() => parseRows('lots')).toThrow(
      'WORKSHOP_ROWS has to be a whole number from 1000 to 5000000; it is "lots".',
    );
  });
});

test.each([999, 5_000_001, 1_000.5, Number.NaN])('checkRows refuses %d', (rows) => {
  expect(() => checkRows(rows)).toThrow(InvalidOptionError);
});
