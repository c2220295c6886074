import type { RowDataPacket } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { ForeignTableError } from '../src/errors.ts';
import { generateArticles } from '../src/generate.ts';
import { loadFixture } from '../src/load-fixture.ts';
import { useDatabase } from './helpers/database.ts';

const database = useDatabase();
const oslo = {
  id: 3143244,
  name: 'Oslo',
  country: 'NO',
  adminCode: '12',
  latitude: 59.91273,
  longitude: 10.74609,
  population: 580_000,
};

test('fills both tables with just the rows given, again and again', async () => {
  const articles = [...generateArticles({ rows: 1_200 })];
  await loadFixture(database.url, { articles, cities: [oslo] });
  await loadFixture(database.url, { articles: articles.slice(0, 1_100), cities: [oslo] });
  const [rows] = await database.connection.query<RowDataPacket[]>('SELECT * FROM articles ORDER BY OBJECTID');
  expect(rows).toEqual(articles.slice(0, 1_100));
  const [cities] = await database.connection.query<RowDataPacket[]>('SELECT * FROM cities');
  expect(cities).toEqual([oslo]);
});

test('does not drop a table of somebody else', async () => {
  await database.connection.query('DROP TABLE articles');
  await database.connection.query('CREATE TABLE articles (id INT)');
  await expect(loadFixture(database.url, {})).rejects.toThrow(ForeignTableError);
});
