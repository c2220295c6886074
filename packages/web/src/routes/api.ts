import { Router } from 'express';
import type { ArticleStore } from '../article-store.ts';
import { cacheStatus, serverTiming } from '../http-headers.ts';
import type { LastTimes } from '../last-times.ts';
import { readSource } from '../params.ts';
import { readQuery } from '../queries/index.ts';

/** The same queries for programs: the rows as a JSON array, and how they were come by in the headers. */
export function apiRoutes(store: ArticleStore, lastTimes: LastTimes): Router {
  const router = Router();

  router.get('/articles', async (request, response) => {
    const source = readSource(request.query);
    const query = readQuery(request.query);
    const result = await store.ask(source, query);
    lastTimes.record(query, result);
    response.set({ 'Server-Timing': serverTiming(result), 'Cache-Status': cacheStatus(result) });
    response.type('json').send(result.json);
  });

  return router;
}
