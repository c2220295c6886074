import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { cacheKey, createCache } from '@workshop/cache';
import express from 'express';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const cache = createCache({ redis, prefix });
  const loadArticle = (id: string) => ({ id, title: 'The Po delta', reads: [12, 40, 7] });

  const app = express();
  app.get('/articles/:id', async ({ params: { id } }, response) => {
    const json = await cache.getOrLoadJson(cacheKey(['article', id]), () => loadArticle(id), {
      ttlMs: 60_000,
    });
    response.type('json').send(json);
  });

  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/articles/1`;
  await fetch(url); // a miss: loaded, stored, and written as JSON
  const hit = await fetch(url); // a hit: the bytes that Redis keeps
  const answer = { type: hit.headers.get('content-type'), body: await hit.text() };

  server.close();
  await cache.close();
  return answer;
}
