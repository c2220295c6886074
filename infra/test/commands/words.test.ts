import { expect, test } from 'vitest';
import { billTable } from '../../commands/bill-table.ts';
import { count, duration, fit, kindOf, table, wrap } from '../../commands/words.ts';
import { billOf } from '../../prices/bill.ts';
import { ORIGINAL } from '../../prices/original.ts';
import { US_EAST_1 } from '../../prices/us-east-1.ts';

test.each([
  [400, '0 s'],
  [89_000, '89 s'],
  [91_000, '2 min'],
  [45 * 60_000, '45 min'],
  [200 * 60_000, '3 h 20 min'],
  [50 * 3_600_000, '2 days 2 h'],
  [-5, '0 s'],
])('%d ms is %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test('rows stand under each other, numbers to the right', () => {
  expect(
    table([
      ['a', '1.5', 'x'],
      ['bcd', '10.25', 'y z'],
      ['', '', ''],
    ]),
  ).toBe('  a      1.5  x\n  bcd  10.25  y z\n');
});

test('lines are broken between words, and commands are left alone', () => {
  expect(wrap('one two three', '> ', 10)).toBe('> one two\n> three');
  expect(wrap('arn:aws:a-word-longer-than-the-line', '', 10)).toBe('arn:aws:a-word-longer-than-the-line');
  const command = `  ${'x'.repeat(100)} y`;
  expect(fit(`${'word '.repeat(20).trim()}\n${command}`).split('\n')).toEqual([
    'word '.repeat(16).trim(),
    'word '.repeat(4).trim(),
    command,
  ]);
});

test('kinds and counts', () => {
  expect(kindOf('AWS::RDS::DBInstance')).toBe('RDS DBInstance');
  expect([count(1, 'file'), count(2, 'file'), count(0, 'entry', 'entries')]).toEqual([
    '1 file',
    '2 files',
    '0 entries',
  ]);
});

test('a bill fits 80 columns, names its region and date, and hides nothing that is unknown', () => {
  const { Resources } = ORIGINAL;
  const bill = billOf({ Resources: { ...Resources, Odd: { Type: 'AWS::Nimbus::Cloud' } } }, US_EAST_1);
  const printed = billTable(bill, 'sa-east-1');
  for (const line of printed.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(printed).toMatch(/ {2}database +MySQL db\.t3\.medium +0\.0680 +0\.54\n/);
  expect(printed).toMatch(/ {2}other +AWS::Nimbus::Cloud +unknown +unknown\n {2}all +0\.1952 +1\.56\n/);
  expect(printed.replaceAll('\n', ' ')).toMatch(
    /Prices of us-east-1, on demand, read 2026-10[^]*Those of sa-east-1 differ/,
  );
  expect(printed).toContain('Not in the sum, since the table has no price: AWS::Nimbus::Cloud.');
  expect(billTable(bill, 'us-east-1')).not.toContain('differ');
});
