import { expect, test } from 'vitest';
import { ensureDataset } from '../src/ensure-dataset.ts';
import { ForeignTableError } from '../src/errors.ts';
import { useDatabase } from './helpers/database.ts';

const database = useDatabase();
const matching = async () =>
  await database.value('SELECT COUNT(*) FROM articles JOIN article_reads USING (OBJECTID)');

test('each article has its readers, in the types that JSON cannot carry', async () => {
  await ensureDataset(database.url, { rows: 1_000 });
  expect(await matching()).toBe(1_000);
  const [rows] = await database.connection.query(
    'SELECT CAST(Readers AS CHAR) AS Readers, CAST(LastReadAt AS CHAR) AS LastReadAt FROM article_reads WHERE OBJECTID IN (7, 8)',
  );
  expect(rows).toEqual([
    { Readers: '9007199254740999', LastReadAt: '2026-01-05 09:37:07.271' },
    { Readers: '24', LastReadAt: '2026-01-05 09:38:08.274' },
  ]);
});

test('a data set from before the table gets it, and nothing else is loaded', async () => {
  await database.connection.query('DROP TABLE article_reads');
  const seen = new Set<string>();
  await ensureDataset(database.url, { rows: 1_000, onProgress: ({ table }) => seen.add(table) });
  expect([...seen]).toEqual([]);
  expect(await matching()).toBe(1_000);
});

test('it follows when the articles are others', async () => {
  await ensureDataset(database.url, { rows: 1_500 });
  expect(await matching()).toBe(1_500);
});

test('what was lost of it comes back', async () => {
  await database.connection.query('DELETE FROM article_reads WHERE OBJECTID > 10');
  await ensureDataset(database.url, { rows: 1_500 });
  expect(await matching()).toBe(1_500);
});

test('a table of that name that is not ours is left alone', async () => {
  await database.connection.query('DROP TABLE article_reads');
  await database.connection.query('CREATE TABLE article_reads (mine INT)');
  await expect(ensureDataset(database.url, { rows: 1_500 })).rejects.toThrow(ForeignTableError);
  expect(
    await database.value(
      "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_NAME = 'article_reads' AND COLUMN_NAME = 'mine' AND TABLE_SCHEMA = DATABASE()",
    ),
  ).toBe(1);
});
