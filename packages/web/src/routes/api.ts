import { Router } from 'express';
import type { ArticleStore } from '../article-store.ts';
import { cacheStatus, serverTiming } from '../http-headers.ts';
import type { LastTimes } from '../last-times.ts';
import { readSearch, readSource } from '../search-params.ts';

/** The same search for programs: the rows as a JSON array, and how they were come by in the headers. */
export function apiRoutes(store: ArticleStore, lastTimes: LastTimes): Router {
  const router = Router();

  router.get('/articles', async (request, response) => {
    const source = readSource(request.query);
    const search = readSearch(request.query);
    const result = await store.search(source, search);
    lastTimes.record(search, result);
    response.set({ 'Server-Timing': serverTiming(result), 'Cache-Status': cacheStatus(result) });
    response.json(result.rows);
  });

  return router;
}
