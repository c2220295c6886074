import type { RowDataPacket } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { ensureDataset } from '../src/ensure-dataset.ts';
import { useDatabase } from './helpers/database.ts';

const database = useDatabase();

test('the sentences can be searched by words, through an index', async () => {
  await ensureDataset(database.url, { rows: 2_000 });
  const byWords = "MATCH (Sentence) AGAINST ('delta' IN NATURAL LANGUAGE MODE)";
  const found = await database.value(`SELECT COUNT(*) FROM article_sentences WHERE ${byWords}`);
  const scanned = await database.value(
    String.raw`SELECT COUNT(*) FROM articles WHERE Sentence REGEXP '(^|[^[:alnum:]_])delta([^[:alnum:]_]|$)'`,
  );
  expect(found).toBe(scanned);
  expect(Number(found)).toBeGreaterThan(0);
  const [[plan]] = await database.connection.query<RowDataPacket[]>(
    `EXPLAIN SELECT OBJECTID FROM article_sentences WHERE ${byWords}`,
  );
  expect(plan).toMatchObject({ type: 'fulltext', key: 'words' });
});

test('it follows when the articles are others', async () => {
  await ensureDataset(database.url, { rows: 1_500 });
  expect(await database.value('SELECT COUNT(*) FROM articles JOIN article_sentences USING (OBJECTID)')).toBe(
    1_500,
  );
});
