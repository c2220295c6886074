import type { RowDataPacket } from 'mysql2/promise';
import { beforeEach, describe, expect, test } from 'vitest';
import type { BadRow } from '../../src/csv/load-csv.ts';
import { loadCsv } from '../../src/csv/load-csv.ts';
import { ensureDataset } from '../../src/ensure-dataset.ts';
import { CsvFileError, ForeignTableError } from '../../src/errors.ts';
import { generateArticles } from '../../src/generate.ts';
import { loadFixture } from '../../src/load-fixture.ts';
import type { Progress } from '../../src/progress.ts';
import type { ArticleRow } from '../../src/rows.ts';
import { articlesTable } from '../../src/schema.ts';
import { csvLine, HEADER, useFolder } from '../helpers/csv-file.ts';
import { tableNames, useDatabase } from '../helpers/database.ts';

const database = useDatabase();
const folder = useFolder();
const old = [...generateArticles({ rows: 3, seed: 99 })];

async function stored(): Promise<ArticleRow[]> {
  const [rows] = await database.connection.query<(ArticleRow & RowDataPacket)[]>(
    'SELECT * FROM articles ORDER BY OBJECTID',
  );
  return rows.map((row) => ({ ...row }));
}

const quoted = (value: unknown): string => `"${String(value).replaceAll('"', '""')}"`;

beforeEach(() => loadFixture(database.url, { articles: old }));

describe('loadCsv', () => {
  test('stores what the file says, to the letter', async () => {
    const [sample] = generateArticles({ rows: 1 }) as Iterable<ArticleRow> & [ArticleRow];
    const texts = [
      'a, b',
      'say "delta"',
      'one\ntwo\r\n\r\nthree',
      'Cần Thơ 😷',
      'tab\t \\N \\',
      ' spaces ',
      '',
    ];
    const rows = texts.map((text, at) => ({
      ...sample,
      OBJECTID: at + 1,
      Sentence: text,
      Abstract: text.repeat(3),
    }));
    const lines = rows.map((row) => Object.values(row).map(quoted).join(','));
    const file = await folder.file('letter.csv', `\uFEFF${HEADER}\r\n${lines.join('\r\n')}\r\n`);
    expect(await loadCsv(database.url, file)).toEqual({ loaded: texts.length, skipped: 0 });
    expect(await stored()).toEqual(rows);
  });

  test('matches the columns by name', async () => {
    const [row] = [...generateArticles({ rows: 1 })];
    const names = articlesTable.columns.toReversed();
    const lines = [
      ['x', ...names].join(','),
      ['extra', ...names.map((name) => row![name])].map(quoted).join(','),
    ];
    expect(await loadCsv(database.url, await folder.file('reversed.csv', lines.join('\n')))).toEqual({
      loaded: 1,
      skipped: 0,
    });
    expect(await stored()).toEqual([row]);
  });

  test('reports bad rows by their line, and loads the rest', async () => {
    const lines = [
      HEADER,
      csvLine(1, { Sentence: '"of\nthree\nlines"' }),
      '5,too,few',
      csvLine('five'),
      csvLine(6),
      csvLine(1),
      csvLine(7, { Title: 'caf@' }),
      csvLine(8, { Journal: 'x'.repeat(501) }),
      csvLine(9, { Title: '"an "open" quote"' }),
      '',
      csvLine(10),
      csvLine(11, { Title: '"never closed' }),
      csvLine(12),
    ];
    const bytes = Buffer.from(`${lines.join('\n')}\n`.replace('caf@', 'caf\u00e9'), 'latin1');
    const bad: BadRow[] = [];
    const result = await loadCsv(database.url, await folder.file('bad.csv', bytes), {
      onBadRow: (row) => bad.push(row),
    });
    expect(bad).toEqual([
      { line: 5, problem: '3 fields where the header has 13' },
      { line: 6, problem: 'OBJECTID is "five", not an integer' },
      { line: 8, problem: 'OBJECTID 1 was taken by a row before' },
      { line: 9, problem: 'Title is not valid UTF-8' },
      { line: 10, problem: 'Journal is 501 characters long and the column holds 500' },
      { line: 11, problem: expect.stringContaining('closing quote') },
      { line: 14, problem: expect.stringContaining('never closed') },
    ]);
    expect(result).toEqual({ loaded: 4, skipped: 7 });
    expect((await stored()).map(({ OBJECTID }) => OBJECTID)).toEqual([1, 6, 10, 12]);
  });

  test('tells how far it is by what it has read of the file', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => csvLine(at + 1));
    const seen: Progress[] = [];
    await loadCsv(database.url, await folder.file('many.csv', [HEADER, ...lines].join('\n')), {
      onProgress: (progress) => seen.push(progress),
    });
    const fractions = seen.map(({ fraction }) => fraction);
    expect(seen.length).toBeGreaterThan(5);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ step: 'done', fraction: 1, rows: 20_000 });
    expect(seen.at(-1)).not.toHaveProperty('totalRows');
  });

  test('is kept by ensureDataset, and told apart from generated rows', async () => {
    await loadCsv(database.url, await folder.file("the demo's.csv", `${HEADER}\n${csvLine(1)}`));
    const kept = await ensureDataset(database.url, { rows: 1_000 });
    expect(kept).toMatchObject({ rows: 1, source: 'imported' });
    expect((await stored()).length).toBe(1);
  });

  test('replaces a table that is not ours only when forced', async () => {
    await database.connection.query('DROP TABLE articles');
    await database.connection.query('CREATE TABLE articles (id INT)');
    const file = await folder.file('one.csv', `${HEADER}\n${csvLine(1)}`);
    await expect(loadCsv(database.url, file)).rejects.toThrow(ForeignTableError);
    expect(await loadCsv(database.url, file, { force: true })).toEqual({ loaded: 1, skipped: 0 });
  });
});

describe('a file that can not be loaded leaves the old table', () => {
  const missing = HEADER.replace('Sentence,', '').replace('License', 'Licence');

  test.each<[string, string | Buffer, RegExp]>([
    ['empty.csv', '', /is empty/],
    ['blank.csv', '\n\n \n', /is empty/],
    ['mark.csv', '\uFEFF', /is empty/],
    ['header-only.csv', `${HEADER}\n`, /no row that can be loaded \(0 were skipped\)/],
    ['all-bad.csv', `${HEADER}\nx,y\n${csvLine('z')}`, /no row that can be loaded \(2 were skipped\)/],
    [
      'missing.csv',
      `${missing}\n`,
      /has no column Sentence, License\. Its first row has to name all 13 columns/,
    ],
    ['twice.csv', `SHA,${HEADER}\n`, /has the column SHA twice/],
    [
      'semicolons.csv',
      HEADER.replaceAll(',', ';'),
      /has none of the columns OBJECTID, SHA, .* it begins with "OBJECTID;SHA/,
    ],
    ['quotes.csv', `"a"b,${HEADER}\n`, /has a header that can't be read: a quoted field goes on/],
    ['utf16.csv', Buffer.from(`\uFEFF${HEADER}`, 'utf16le'), /is in UTF-16; save it as UTF-8/],
    ['zip.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 8]), /is not text/],
  ])('%s', async (name, contents, message) => {
    const file = await folder.file(name, contents);
    const refused = loadCsv(database.url, file);
    await expect(refused).rejects.toThrow(CsvFileError);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(file);
    expect(await stored()).toEqual(old);
    expect(await tableNames(database)).toEqual(['article_reads', 'article_sentences', 'articles', 'cities']);
  });

  test('one that is not there, or a directory', async () => {
    await expect(loadCsv(database.url, `${folder.path()}/nowhere.csv`)).rejects.toThrow(
      /nowhere\.csv does not exist/,
    );
    await expect(loadCsv(database.url, folder.path())).rejects.toThrow(/is a directory; name the CSV in it/);
    expect(await stored()).toEqual(old);
  });
});
