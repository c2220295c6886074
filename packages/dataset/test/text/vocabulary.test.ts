import { expect, test } from 'vitest';
import * as words from '../../src/text/vocabulary.ts';
import { countryNames } from '../../src/countries.ts';

test('no word contains "delta", whose number is decided elsewhere', () => {
  expect(JSON.stringify([words, countryNames])).not.toMatch(/delta/i);
});
