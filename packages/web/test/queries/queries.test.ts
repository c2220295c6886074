import { ensureDataset } from '@workshop/dataset';
import { createTestDatabase } from '@workshop/engines/test-space';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { QUERY_KINDS, readQuery } from '../../src/queries/index.ts';
import { readableSql, type Row } from '../../src/queries/query.ts';
import { startDemo, textOf } from '../support.ts';

const database = { mysqlUrl: '' };
let drop: (() => Promise<void>) | undefined;
beforeAll(async () => {
  const made = await createTestDatabase(inject('mysqlUrl'));
  drop = made.drop;
  database.mysqlUrl = made.url;
  await ensureDataset(made.url, { rows: 1_000 });
}, 60_000);
afterAll(() => drop?.());

const rowsOf = async (response: Response) => (await response.json()) as Row[];

describe.each(QUERY_KINDS.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  it('answers alike from MySQL, on a miss and on a hit, with the columns of its table', async () => {
    const { get } = await startDemo(database);
    const answers = [];
    for (const source of ['mysql', 'cache', 'cache']) {
      const response = await get(`/api/articles?query=${name}&source=${source}`);
      expect(response.status).toBe(200);
      answers.push(await response.text());
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[1]).toBe(answers[2]);
    const rows = JSON.parse(answers[0] ?? '') as Row[];
    expect(rows.length).toBeGreaterThan(0);

    const page = await get(`/query_cache?query=${name}`);
    expect(page.headers.get('cache-status')).toContain('redis; hit');
    const text = textOf(await page.text());
    for (const { title, cell } of kind.columns) {
      expect(text).toContain(title);
      const [row = {}] = rows;
      for (const piece of cell(row, readQuery({ query: name }).values)) {
        expect(text).toContain(piece.text.replace(/\s+/g, ' ').trim());
      }
    }
  });

  it('shows its statement, and its plan once MySQL was asked', async () => {
    const { get } = await startDemo(database);
    const query = readQuery({ query: name });
    const home = textOf(await (await get(`/?${query.address}`)).text());
    expect(home).toContain(readableSql(query).replace(/\s+/g, ' '));
    expect(home).toContain('is shown once MySQL has been asked');
    const asked = textOf(await (await get(`/query_mysql?${query.address}`)).text());
    expect(asked).toMatch(name === 'words' ? /fulltext asks the full-text index/ : /(ALL|index) reads/);
    expect(asked).toContain(kind.work(1, query.values).headline.slice(0, 5));
    // From now on a page shows it without asking MySQL.
    expect(textOf(await (await get(`/?${query.address}`)).text())).not.toContain('is shown once');
  });
});

it('finds the cities around a point, the nearest first', async () => {
  const { get } = await startDemo(database);
  const rows = await rowsOf(
    await get('/api/articles?query=nearby&lat=45.43&lon=12.33&radius_km=30&limit=500'),
  );
  const names = rows.map(({ name }) => name);
  expect(names).toContain('Venice');
  expect(names).toContain('Mestre');
  expect(names).not.toContain('Milan');
  const distances = rows.map(({ km }) => Number(km));
  expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  expect(Math.max(...distances)).toBeLessThanOrEqual(30);
});

it('finds the same sentences by word as by text, where the text is a word of its own', async () => {
  const { get } = await startDemo(database);
  const ids = async (path: string) => (await rowsOf(await get(path))).map(({ OBJECTID }) => OBJECTID);
  const byWord = await ids('/api/articles?query=words&term=delta');
  const byText = await ids('/api/articles?query=scan&term=delta');
  expect(byWord.length).toBeGreaterThan(0);
  expect(byText).toEqual(expect.arrayContaining(byWord));
});

it.each([
  ['query', 'query=everything', 'must be one of scan, words, journals, nearby'],
  ['lat', 'query=nearby&lat=91', 'must be a number from -90 to 90'],
  ['lon', 'query=nearby&lon=east', 'must be a number from -180 to 180'],
  ['lon', 'query=nearby&lon=1e2', 'must be a number from -180 to 180'],
  ['radius_km', 'query=nearby&radius_km=501', 'must be a number from 0.1 to 500'],
  ['limit', 'query=journals&limit=2.5', 'must be a whole number from 1 to 100'],
])('says what is wrong with %s in %s', async (parameter, query, problem) => {
  const { get } = await startDemo(database);
  const response = await get(`/api/articles?${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ parameter, detail: `${parameter} ${problem}.` });
});

it('takes -0 and 0 for one place', () => {
  expect(readQuery({ query: 'nearby', lat: '-0' }).address).toBe(
    readQuery({ query: 'nearby', lat: '0' }).address,
  );
});
