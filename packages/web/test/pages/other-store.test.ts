import { expect, onTestFinished, test } from 'vitest';
import type { ArticleStore, QueryResult } from '../../src/index.ts';
import { createLogger, startServer, StoreError } from '../../src/index.ts';
import { ARTICLES } from '../articles.ts';
import { CONFIG, textOf } from '../support.ts';

const name = 'your lab 02, labs/02-cache-aside/work';

/** The demo on a store that is not its own. */
async function demoOn(
  ask: ArticleStore['ask'],
  more: Partial<ArticleStore> = {},
): Promise<(path: string) => Promise<Response>> {
  const store: ArticleStore = {
    name,
    ask,
    explain: async () => [],
    deleteCache: async () => 0,
    check: async () => [],
    close: async () => {},
    ...more,
  };
  const options = { store, logger: createLogger('silent'), headers: { 'Workshop-Demo': 'mine' } };
  const server = await startServer(CONFIG, options);
  onTestFinished(async () => await server.close());
  return async (path) => await fetch(server.url + path);
}

const watched = (outcome: 'hit' | 'miss' | 'mysql'): QueryResult => ({
  source: 'watched',
  json: Buffer.from(JSON.stringify(ARTICLES.slice(0, 2))),
  watched: {
    outcome,
    headline: 'Redis had the rows.',
    tookMs: 1.5,
    steps: [{ engine: 'Redis', text: 'got GET k', time: '0.40 ms', happened: true }],
    facts: [{ name: 'Key', value: 'k' }],
  },
});

test('every page says whose code answers, and shows what it was seen to do', async () => {
  const get = await demoOn(async () => watched('hit'));
  const home = await get('/');
  expect(textOf(await home.text())).toContain(`is answered by ${name}`);
  expect(home.headers.get('workshop-demo')).toBe('mine');
  const page = await get('/query_cache');
  const text = textOf(await page.text());
  for (const words of [name, 'Cache hit', 'Redis had the rows.', 'Redis got GET k', '0.40 ms', '2 rows'])
    expect(text).toContain(words);
});

test.each([
  ['hit', 'redis; hit'],
  ['miss', 'redis; fwd=miss'],
  ['mysql', 'redis; fwd=bypass; detail=not-asked'],
] as const)('the headers tell a %s', async (outcome, status) => {
  const get = await demoOn(async () => watched(outcome));
  const { headers } = await get('/api/articles');
  expect(headers.get('cache-status')).toBe(status);
  expect(headers.get('server-timing')).toContain('dur=1.500');
});

test('what is wrong with that code is told in its own words', async () => {
  const get = await demoOn(async () => {
    throw new StoreError('search() failed with Error: <mine>');
  });
  const page = await get('/query_cache');
  expect(page.status).toBe(500);
  expect(textOf(await page.text())).toContain('search() failed with Error: <mine>');
});

test('the dashboard asks it for its engines, as the object that it is', async () => {
  const engines = {
    questions: 7,
    async askMysql() {
      return { questions: this.questions };
    },
  };
  const get = await demoOn(async () => watched('hit'), engines);
  const response = await get('/dashboard/events');
  let text = '';
  // The stream does not end: what has come is enough once a sample tells of MySQL.
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (/"mysql":"(ok|away)"/.test(text)) break;
  }
  expect(text).toContain('"mysql":"ok"');
});
