import { expect, it, vi } from 'vitest';
import { ARTICLES } from '../articles.ts';
import { startDemo, startTappedDemo, useArticles } from '../support.ts';

const database = useArticles();

it('has the articles by how often they were read, each with its title', async () => {
  const demo = await startDemo(database);
  for (const id of [3, 1, 3, 2, 3, 1]) await demo.get(`/api/articles/${id}`);
  // Neither of these is a reading of an article.
  await demo.get('/api/articles/4', { method: 'HEAD' });
  await demo.get('/api/articles/999999');

  const day = new Date().toISOString().slice(0, 10);
  const board = [
    { OBJECTID: 3, Title: ARTICLES[2]?.Title, reads: 3 },
    { OBJECTID: 1, Title: ARTICLES[0]?.Title, reads: 2 },
    { OBJECTID: 2, Title: ARTICLES[1]?.Title, reads: 1 },
  ];
  // Nobody waits for the count, so it may come a moment later.
  await vi.waitFor(
    async () => expect(await (await demo.get('/api/leaderboard')).json()).toEqual({ day, articles: board }),
    { timeout: 20_000 },
  );
  const two = await demo.get('/api/leaderboard?limit=2');
  expect(await two.json()).toEqual({ day, articles: board.slice(0, 2) });
  expect((await demo.get('/api/leaderboard?limit=101')).status).toBe(400);
});

it('goes by itself after a day or two, and stays when the cache is deleted', async () => {
  const demo = await startDemo(database);
  await demo.get('/api/articles/5');
  const key = `${demo.prefix}-reads:${new Date().toISOString().slice(0, 10)}`;
  await vi.waitFor(async () => expect(await demo.redis.zscore(key, '5')).toBe('1'), { timeout: 20_000 });
  expect(await demo.redis.ttl(key)).toBeGreaterThan(24 * 60 * 60);
  await demo.post('/delete_cache');
  expect(await demo.redis.zscore(key, '5')).toBe('1');
});

it('asks MySQL once for all titles that are not cached', async () => {
  const demo = await startTappedDemo(database);
  for (const id of [10, 11, 12]) await demo.get(`/api/articles/${id}`);
  await vi.waitFor(
    async () =>
      expect(await (await demo.get('/api/leaderboard')).json()).toMatchObject({ articles: { length: 3 } }),
    { timeout: 20_000 },
  );
  await demo.post('/delete_cache');
  const mark = demo.mysqlTap.record.mark();
  await demo.get('/api/leaderboard');
  const asked = demo.mysqlTap.record
    .since(mark)
    .filter((event) => 'sql' in event && event.sql?.includes('FROM articles'));
  expect(asked).toHaveLength(1);
});

it('is a 503 without Redis, while articles are still given', async () => {
  const demo = await startTappedDemo(database);
  demo.redisTap.weather.refuse();
  await vi.waitFor(async () => expect((await demo.get('/api/leaderboard')).status).toBe(503), {
    timeout: 20_000,
  });
  const response = await demo.get('/api/leaderboard');
  expect(await response.json()).toMatchObject({ type: '/problems/engine-away', engine: 'redis' });
  expect((await demo.get('/api/articles/6')).status).toBe(200);
});

it('makes no reader wait for a Redis that does not answer', async () => {
  const demo = await startTappedDemo(database);
  const hang = demo.redisTap.weather.hang(({ name }) => name === 'ZINCRBY');
  expect((await demo.get('/api/articles/7')).status).toBe(200);
  hang.stop();
});
