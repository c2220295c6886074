import { loadFixture, type ArticleRow } from '@workshop/dataset';
import type { Connection } from 'mysql2/promise';
import { generatedArticles } from './generated-articles.ts';

/** More than the 500 rows that a search may return, so that a limit that is not applied shows. */
const generatedRows = 560;

/**
 * Sentences with every character that has a meaning in SQL or LIKE, each beside one that differs just there: who
 * treats `%` as "anything" finds the second as well.
 */
const oddSentences = [
  "The team of O'Brien counted the wards in Derry twice.",
  'The team of O Brien counted the wards in Derry once.',
  'They called it a "mild" season in Lima.',
  'About 100% of the samples from Quito were kept.',
  'About 100 of 120 samples from Quito were kept.',
  'About 98 of 120 samples from Lagos were lost.',
  'The column is named place_id in the file from Accra.',
  'The column is named placeXid in the file from Oslo.',
  String.raw`The file was read from C:\data\delta on a laptop in Turin.`,
  'The file was read from C:/data/theta on a laptop in Turin.',
  "One form in Leeds held the text ' OR '1'='1 in place of a name.",
  "Another in Leeds held '; DROP TABLE articles; -- and was kept as text.",
  'A note from Kraków says: naïve, déjà vu, 日本, 🦠.',
  'Two  spaces stand in this sentence from Bergen.',
  `${'The survey went on. '.repeat(40)}In Cadiz it ended.`,
  `${'The survey went on. '.repeat(40)}In Genoa it did not.`,
];

/**
 * Characters that a careless key drops, escapes or folds together. A sentence `Mark X stands here.` is there for each,
 * and one with nothing in its place.
 */
export const marks = [...String.raw`\:/|;,.*?#&+=<>{}[]()^~$@!-_%'"`.split(''), 'é', 'ß', '🦠'];

export function fixtureArticles(): ArticleRow[] {
  const generated = generatedArticles(generatedRows);
  const odd = [...oddSentences, ...['', ...marks].map((mark) => `Mark ${mark} stands here.`)];
  const added = odd.map((Sentence, index): ArticleRow => {
    const model = generated[index];
    if (!model) throw new Error('the fixture has fewer generated rows than odd ones');
    return { ...model, OBJECTID: generatedRows + 1 + index, Sentence };
  });
  return [...generated, ...added];
}

/** 2^53: beyond it a JavaScript number no longer holds the odd ones, and all of ours are odd. */
const manyReaders = 9_007_199_254_740_992n;

/**
 * Fills a schema for a run: `articles`, and `article_reads` with the types that JSON and numbers can't carry.
 *
 * @param url of that schema
 * @param mysql a connection to it
 */
export async function fillFixture(
  url: string,
  mysql: Connection,
  articles: readonly ArticleRow[],
): Promise<void> {
  await loadFixture(url, { articles });
  await mysql.query(`CREATE TABLE article_reads (
    OBJECTID INT NOT NULL PRIMARY KEY,
    Readers BIGINT UNSIGNED NOT NULL,
    LastReadAt DATETIME(3) NOT NULL
  )`);
  const firstRead = Date.UTC(2026, 0, 5, 9, 30, 0, 250);
  const rows = articles.map(({ OBJECTID }) => [
    OBJECTID,
    String(OBJECTID % 10 === 7 ? manyReaders + BigInt(OBJECTID) : BigInt(OBJECTID * 3)),
    new Date(firstRead + OBJECTID * 61_003),
  ]);
  await mysql.query('INSERT INTO article_reads (OBJECTID, Readers, LastReadAt) VALUES ?', [rows]);
}
