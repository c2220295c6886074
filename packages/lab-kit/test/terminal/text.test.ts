import { expect, test } from 'vitest';
import { clip, padEnd, splitAt, textWidth, wrap, wrapAnywhere } from '../../src/terminal/text.ts';

test.each([
  ['delta', 5],
  ['日本', 4],
  ['🦠', 2],
  ['👩‍🔬', 2],
  ['❤️', 2],
  ['né', 2],
  ['ﾊﾝｶｸ', 4],
  ['한국', 4],
  ['Ωμέγα', 5],
])('%s takes %i columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

test('text is cut between characters, never within one', () => {
  expect(splitAt('ab日本', 3)).toEqual(['ab', '日本']);
  expect(splitAt('ab日本', 4)).toEqual(['ab日', '本']);
  expect(splitAt('👩‍🔬👩‍🔬', 2)).toEqual(['👩‍🔬', '👩‍🔬']);
  expect(clip('日本日本日本', 9)).toBe('日本日...');
  expect(padEnd('日本', 6)).toBe('日本  ');
});

test('lines of wide text are as wide as those of narrow text', () => {
  for (const text of ['日本'.repeat(40), 'ab '.repeat(60), '日本 ab '.repeat(30), '🦠'.repeat(50)]) {
    for (const line of wrapAnywhere(text, 21, 4)) expect(textWidth(line)).toBeLessThanOrEqual(21);
  }
});

test('what does not fit in the lines there are ends with an ellipsis', () => {
  expect(wrapAnywhere('one two three four', 8, 2)).toEqual(['one two', 'three...']);
  expect(wrapAnywhere('one two', 8, 2)).toEqual(['one two']);
});

test('a word that can be copied stays whole', () => {
  expect(wrap('see /a/very/long/path.ts now', 10)).toEqual(['see', '/a/very/long/path.ts', 'now']);
});
