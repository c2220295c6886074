import { beforeAll, describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../src/errors.ts';
import { generateArticles } from '../src/generate.ts';
import { loadFixture } from '../src/load-fixture.ts';
import { escapeLike, searchArticlesSql } from '../src/search-articles.ts';
import { useDatabase } from './helpers/database.ts';

const database = useDatabase();

test.each([
  ['delta', 'delta'],
  ['100%', String.raw`100\%`],
  ['a_b', String.raw`a\_b`],
  [String.raw`back\slash`, String.raw`back\\slash`],
])('escapeLike(%j)', (text, pattern) => {
  expect(escapeLike(text)).toBe(pattern);
});

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a limit of %d', (limit) => {
  expect(() => searchArticlesSql({ term: 'delta', limit })).toThrow(InvalidOptionError);
});

describe('on the server', () => {
  const sentences = [
    '100% sure',
    '1000 sure',
    'a_b',
    'aXb',
    String.raw`back\slash`,
    "it's DELTA",
    '',
    'deltas',
  ];
  const [sample] = [...generateArticles({ rows: 1 })];

  beforeAll(async () => {
    const articles = sentences.map((Sentence, at) => ({ ...sample!, OBJECTID: at, Sentence }));
    await loadFixture(database.url, { articles: articles.toReversed() });
  });

  describe.each(['query', 'execute'] as const)('by %s', (method) => {
    async function search(term: string, limit = 100): Promise<string[]> {
      const { sql, params } = searchArticlesSql({ term, limit });
      const { connection } = database;
      const [rows] =
        method === 'query' ? await connection.query(sql, params) : await connection.execute(sql, params);
      return (rows as { Sentence: string }[]).map(({ Sentence }) => Sentence);
    }

    test.each([
      ['100%', ['100% sure']],
      ['a_b', ['a_b']],
      [String.raw`\s`, [String.raw`back\slash`]],
      ["it's", ["it's DELTA"]],
      ['delta', ["it's DELTA", 'deltas']],
      ["' OR 1=1 -- ", []],
      ['', sentences],
    ])('finds %j in %j', async (term, found) => {
      expect(await search(term)).toEqual(found);
    });

    test('gives the first by number, and no more than asked for', async () => {
      expect(await search('', 2)).toEqual(sentences.slice(0, 2));
      expect(await search('delta', 0)).toEqual([]);
    });
  });
});
