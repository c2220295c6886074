import { describe, expect, test } from 'vitest';
import { lookOf } from '../../src/terminal/style.ts';

const terminal = { isTTY: true, columns: 100 };
const utf8 = { LANG: 'en_GB.UTF-8' };

test('a terminal that says nothing else has colour, and its own width', () => {
  expect(lookOf(terminal, utf8, 'linux')).toEqual({ width: 100, color: true, plain: false, unicode: true });
  expect(lookOf({}, {}, 'linux')).toEqual({ width: 80, color: false, plain: false, unicode: true });
});

describe('colour is for those who want it', () => {
  test.each([
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ TERM: 'dumb' }, false],
    [{ FORCE_COLOR: '0' }, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true],
    [{ WORKSHOP_PLAIN: '1', FORCE_COLOR: '1' }, false],
  ])('%j', (env, color) => {
    expect(lookOf(terminal, env).color).toBe(color);
  });

  test('also where there is no terminal', () => {
    expect(lookOf({}, { FORCE_COLOR: '1' }).color).toBe(true);
  });
});

test.each([
  [{ LANG: 'C' }, 'linux', false],
  [{ LANG: 'de_DE.utf8' }, 'darwin', true],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 'linux', false],
  [{ LANG: 'en_US.UTF-8' }, 'win32', false],
  [{ WT_SESSION: 'a-b' }, 'win32', true],
] as const)(
  'characters beyond ASCII only where they are sure to arrive: %j on %s',
  (env, platform, unicode) => {
    expect(lookOf(terminal, env, platform).unicode).toBe(unicode);
  },
);

test('plain is plain, and a width that cannot be is not believed', () => {
  expect(lookOf(terminal, { WORKSHOP_PLAIN: '1' }).plain).toBe(true);
  expect(lookOf(terminal, { WORKSHOP_PLAIN: '0' }).plain).toBe(false);
  expect([0, 10, 60, 400].map((columns) => lookOf({ columns }, {}).width)).toEqual([80, 40, 60, 120]);
});
