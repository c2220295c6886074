import { describe, expect, test } from 'vitest';
import { createRowCheck, readHeader } from '../../src/csv/check-row.ts';
import { articlesTable } from '../../src/schema.ts';
import { csvLine } from '../helpers/csv-file.ts';

const asBytes = (text: string): string => Buffer.from(text).toString('latin1');
const names = [...articlesTable.columns];

describe('readHeader', () => {
  test('finds the columns in any order and case, with others between them', () => {
    const { header, missing, twice } = readHeader([
      'extra',
      ...names.toReversed().map((name) => ` ${name.toUpperCase()} `),
    ]);
    expect({ missing, twice, fields: header.fields }).toEqual({ missing: [], twice: [], fields: 14 });
    expect(header.positions.map(({ name, at }) => [name, at])).toEqual(
      names.map((name, at) => [name, 13 - at]),
    );
  });

  test('tells what is missing and what is there twice', () => {
    const { missing, twice } = readHeader([
      'Sentence',
      ...names.filter((name) => name !== 'DOI' && name !== 'SHA'),
    ]);
    expect({ missing, twice }).toEqual({ missing: ['SHA', 'DOI'], twice: ['Sentence'] });
  });
});

describe('createRowCheck', () => {
  const check = (fields: readonly string[]): string | undefined =>
    createRowCheck(readHeader(names).header)(fields).problem;
  const row = (change: Parameters<typeof csvLine>[1]): string[] => csvLine(1, change).split(',').map(asBytes);

  test('makes a line for LOAD DATA in the order of the table', () => {
    const reversed = createRowCheck(readHeader(names.toReversed()).header);
    const { line } = reversed(row({ OBJECTID: ' +007 ', Sentence: 'a\tb\n\\ é' }).toReversed());
    expect(
      Buffer.from(line ?? '', 'latin1')
        .toString('utf8')
        .split('\t')
        .slice(0, 4),
    ).toEqual(['7', 'SHA of 1', 'PossiblePlace of 1', String.raw`a\tb\n\\ é`]);
    expect(line?.endsWith('License of 1\n')).toBe(true);
  });

  test.each([
    [['1', '2'], '2 fields where the header has 13'],
    [['1'], '1 field where the header has 13'],
    [[...row({}), ''], '14 fields where the header has 13'],
    [row({ OBJECTID: '' }), 'OBJECTID is "", not an integer'],
    [row({ OBJECTID: '5.0' }), 'OBJECTID is "5.0", not an integer'],
    [row({ OBJECTID: `né${'x'.repeat(100)}` }), `OBJECTID is "né${'x'.repeat(38)}…", not an integer`],
    [row({ OBJECTID: '2147483648' }), 'OBJECTID is 2147483648, beyond -2147483648 to 2147483647'],
    [[...row({}).slice(0, 6), 'caf\u00e9', ...row({}).slice(7)], 'Title is not valid UTF-8'],
    [row({ Journal: 'é'.repeat(501) }), 'Journal is 501 characters long and the column holds 500'],
    [row({ Title: 'é'.repeat(32_768) }), 'Title is 65536 bytes long and the column holds 65535'],
  ])('%#: refuses what the table can not hold', (fields, problem) => {
    expect(check(fields)).toBe(problem);
  });

  test.each([
    { Journal: 'é'.repeat(500) },
    { Journal: '😷'.repeat(500) },
    { Title: 'x'.repeat(65_535) },
    { Abstract: 'x'.repeat(1_000_000) },
    { PublishedDate: '2020 Apr 27', SHA: '' },
    { OBJECTID: '-2147483648' },
  ])('%#: takes what it can', (change) => {
    expect(check(row(change))).toBeUndefined();
  });

  test('takes the first of two rows with one id, and does not count a bad one', () => {
    const checks = createRowCheck(readHeader(names).header);
    const problems = [
      row({ OBJECTID: '1', Journal: 'x'.repeat(600) }),
      row({}),
      row({ OBJECTID: '01' }),
      row({ OBJECTID: '2' }),
    ];
    expect(problems.map((fields) => checks(fields).problem)).toEqual([
      'Journal is 600 characters long and the column holds 500',
      undefined,
      'OBJECTID 1 was taken by a row before',
      undefined,
    ]);
  });
});
