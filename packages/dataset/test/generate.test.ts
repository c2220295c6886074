import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deltaRows } from '../src/delta.ts';
import { InvalidOptionError } from '../src/errors.ts';
import { DEFAULT_SEED, GENERATOR_VERSION, generateArticles } from '../src/generate.ts';
import type { ArticleRow } from '../src/rows.ts';
import { articleColumns, articlesTable } from '../src/schema.ts';

const rows = [...generateArticles({ rows: 20_000 })];

/** One assertion for all rows: twenty thousand would take seconds. */
const rowsThat = (fail: (row: ArticleRow) => boolean): ArticleRow[] => rows.filter(fail).slice(0, 3);

function fingerprint(articles: Iterable<ArticleRow>): string {
  const digest = createHash('sha256');
  for (const article of articles) digest.update(JSON.stringify(article));
  return digest.digest('hex').slice(0, 16);
}

describe('generateArticles', () => {
  test('gives the rows that this version of the generator stands for', () => {
    // When this fails because the texts were changed: raise GENERATOR_VERSION, so that tables filled before are loaded anew.
    expect({ version: GENERATOR_VERSION, rows: fingerprint(rows.slice(0, 2_000)) }).toEqual({
      version: 1,
      rows: '840916af1cf38ee3',
    });
  });

  test('gives the same rows each time they are asked for, and others for another seed', () => {
    const articles = generateArticles({ rows: 50, seed: 3 });
    expect([...articles]).toEqual([...articles]);
    expect(fingerprint(articles)).not.toBe(fingerprint(generateArticles({ rows: 50, seed: 4 })));
  });

  test('numbers the rows from 1, with the columns of the table in their order', () => {
    expect(rows.map(({ OBJECTID }) => OBJECTID)).toEqual(Array.from({ length: 20_000 }, (_, at) => at + 1));
    expect(Object.keys(rows[0] as ArticleRow)).toEqual(articlesTable.columns);
  });

  test('mentions "delta" in the sentences meant to and in no other', () => {
    const found = rows.filter(({ Sentence }) => /delta/i.test(Sentence)).map(({ OBJECTID }) => OBJECTID);
    expect(found).toEqual([...deltaRows(20_000, DEFAULT_SEED)]);
  });

  test('writes whole sentences about the place they name', () => {
    expect(rowsThat(({ Sentence, PossiblePlace }) => !Sentence.includes(PossiblePlace))).toEqual([]);
    expect(rowsThat(({ MatchedPlace }) => !/^[^,]+, [^,]+$/.test(MatchedPlace))).toEqual([]);
    expect(rowsThat(({ Sentence }) => !/^\p{Lu}.*\.$/u.test(Sentence))).toEqual([]);
    const parts = /^Background: .+ Methods: .+ Results: .+ (Conclusions|Interpretation): .+\.$/u;
    expect(rowsThat(({ Abstract }) => !parts.test(Abstract))).toEqual([]);
    const slip = /[{}@]|undefined|NaN| {2}|\.\.|,,| \.| a [aeio]/;
    expect(
      rowsThat(({ Sentence, Title, Abstract }) => slip.test(`${Sentence}|${Title}|${Abstract}`)),
    ).toEqual([]);
  });

  test('varies: nearly no two sentences are alike', () => {
    expect(new Set(rows.map(({ Sentence }) => Sentence)).size).toBeGreaterThan(19_900);
    expect(new Set(rows.map(({ SHA }) => SHA)).size).toBe(20_000);
    expect(new Set(rows.map(({ MatchedPlace }) => MatchedPlace)).size).toBeGreaterThan(2_000);
  });

  test('leads to no real paper, and dates some by the year alone', () => {
    const date = /^20[0-2]\d(-(0[1-9]|1[0-2])-([01]\d|2[0-8]))?$/;
    expect(rowsThat(({ DOI }) => !DOI.startsWith('10.5555/'))).toEqual([]);
    expect(rowsThat(({ PublishedDate }) => !date.test(PublishedDate))).toEqual([]);
    expect(rowsThat(({ SHA }) => !/^[0-9a-f]{40}$/.test(SHA))).toEqual([]);
    const yearOnly = rows.filter(({ PublishedDate }) => PublishedDate.length === 4).length;
    expect(yearOnly).toBeGreaterThan(1_000);
    expect(yearOnly).toBeLessThan(1_500);
  });

  test('fits the columns', () => {
    for (const [name, column] of Object.entries(articleColumns)) {
      if (!('capacity' in column)) continue;
      const { capacity } = column;
      const longest = Math.max(
        ...rows.map((row) => Buffer.byteLength(String(row[name as keyof ArticleRow]))),
      );
      expect(longest).toBeLessThanOrEqual('bytes' in capacity ? capacity.bytes : capacity.characters);
    }
  });

  test.each([{ rows: -1 }, { rows: 1.5 }, { rows: Number.NaN }, { rows: 5, seed: 0.5 }])(
    'refuses %o',
    (options) => {
      expect(() => generateArticles(options)).toThrow(InvalidOptionError);
    },
  );
});
