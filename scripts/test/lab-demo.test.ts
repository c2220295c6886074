import { loadFixture, generateArticles } from '@workshop/dataset';
import { createTestDatabase } from '@workshop/engines/test-space';
import { labFolders } from '@workshop/lab-kit';
import { readQuery, type ArticleStore } from '@workshop/web';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { createLearnerStore } from '../src/learner-demo-store.ts';
import { hasDemo } from '../src/lab-demo.ts';
import { findLab } from '../src/labs.ts';
import { useOwnLabs } from './helpers/own-labs.ts';

const labs = useOwnLabs();
let mysqlUrl = '';
let drop: (() => Promise<void>) | undefined;
beforeAll(async () => {
  const made = await createTestDatabase(inject('mysqlUrl'));
  drop = made.drop;
  mysqlUrl = made.url;
  await loadFixture(mysqlUrl, { articles: [...generateArticles({ rows: 50 })] });
});
afterAll(async () => await drop?.());

let store: ArticleStore | undefined;
const onUse = vi.fn();
afterEach(async () => {
  await store?.close();
  store = undefined;
});

/** The demo's store on a learner's work that has this search. */
async function demoOn(search: string): Promise<ArticleStore> {
  await labs.saveSource('01-small', source(search));
  const { lab } = await findLab('01', labs.place.labs);
  store = await createLearnerStore(
    { lab, folders: labFolders(labs.place.labs, lab) },
    {
      mysqlUrl,
      redisUrl: inject('redisUrl'),
      cacheTtlMs: 1_000,
      redisTimeoutMs: 10_000,
      mysqlTimeoutMs: 10_000,
      mysqlConnections: 1,
      cachePrefix: 'unused',
    },
    onUse,
  );
  return store;
}

const source = (search: string) => `import { createPool } from 'mysql2/promise';
import { Redis } from 'ioredis';
export function createArticleStore({ mysqlUrl, redisUrl }: any) {
  const pool = createPool(mysqlUrl);
  const redis = new Redis(redisUrl);
  const load = async () => (await pool.query('SELECT * FROM articles LIMIT 2'))[0];
  return { async search(term: string, limit: number) { ${search} }, async close() {} };
}
`;
const cacheAside = `
  const found = await redis.get('k:' + term);
  if (found) return JSON.parse(found);
  const rows = await load();
  await redis.set('k:' + term, JSON.stringify(rows), 'EX', 60);
  return rows;`;
const query = readQuery({ term: 'x', limit: '10' });
const outcome = async (demo: ArticleStore) => {
  const result = await demo.ask('cache', query);
  return result.source === 'watched' ? result.watched : undefined;
};

test('the pages say whose code answers, and how it came by the rows', async () => {
  const demo = await demoOn(cacheAside);
  expect(demo.name).toMatch(/^your lab 01, .*01-small\/work$/);
  expect(await outcome(demo)).toMatchObject({
    outcome: 'miss',
    facts: [{ value: 'k:x' }, { value: 'in 60 s' }],
  });
  const hit = await outcome(demo);
  expect(hit).toMatchObject({ outcome: 'hit', headline: 'Redis had the rows. MySQL was not asked.' });
  expect(hit?.steps.map(({ engine, text }) => `${engine} ${text}`)).toEqual([
    'Redis got GET k:x',
    'MySQL was not asked.',
  ]);
  expect(await demo.deleteCache()).toBe(1);
  expect(await outcome(demo)).toMatchObject({ outcome: 'miss' });
});

test('without Redis, and without either', async () => {
  expect(await outcome(await demoOn('return await load();'))).toMatchObject({ outcome: 'mysql' });
  await store?.close();
  expect(await outcome(await demoOn("return [{ Sentence: 'made up' }];"))).toMatchObject({
    outcome: 'hit',
    headline: 'The process had the rows itself. Neither store was asked.',
  });
});

test('a save is followed', async () => {
  const demo = await demoOn('return await load();');
  expect(await outcome(demo)).toMatchObject({ outcome: 'mysql' });
  await labs.saveSource('01-small', source(cacheAside));
  await vi.waitUntil(async () => (await outcome(demo))?.outcome !== 'mysql', {
    timeout: 30_000,
    interval: 50,
  });
});

test.each([
  ['an error', "throw new Error('mine');", /search\('x', 10\).*mine/],
  ['an exit', 'process.exit(3);', /exit code 3/],
  ['no rows', 'return 7;', /returned number in place of an array/],
  ['a syntax error', 'return (;', /syntax error/],
])('%s of the learner is told on the page', async (_name, search, message) => {
  const demo = await demoOn(search);
  await expect(demo.ask('cache', query)).rejects.toMatchObject({
    name: 'StoreError',
    message: expect.stringMatching(message),
  });
  expect((await demo.ask('mysql', query)).source).toBe('mysql');
});

test('a lab without a search has no demo', async () => {
  const { lab } = await findLab('01', labs.place.labs);
  expect(hasDemo(lab)).toBe(false);
  expect(hasDemo({ ...lab, returns: { search: 'rows' } as typeof lab.returns })).toBe(true);
});
