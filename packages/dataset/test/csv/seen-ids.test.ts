import { expect, test } from 'vitest';
import { SeenIds } from '../../src/csv/seen-ids.ts';

test('tells each id the first time and only then, over the whole range of an INT', () => {
  const seen = new SeenIds();
  const ids = [0, 1, 31, 32, 33, -1, -32, -33, 2 ** 31 - 1, -(2 ** 31), 63, 64];
  expect(ids.map((id) => seen.add(id))).toEqual(ids.map(() => true));
  expect(ids.map((id) => seen.add(id))).toEqual(ids.map(() => false));
  expect(seen.add(30)).toBe(true);
});
