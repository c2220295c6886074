import type { Request, Response } from 'express';
import { Router } from 'express';
import type { ArticleStore, Source } from '../article-store.ts';
import { WrongMethodError } from '../errors.ts';
import { showCount } from '../format.ts';
import { cacheStatus, serverTiming } from '../http-headers.ts';
import type { LastTimes } from '../last-times.ts';
import { resultView } from '../result-view.ts';
import { readDeleted, readSearch } from '../search-params.ts';
import { sameOriginOnly } from '../security.ts';
import type { Views } from '../views.ts';
import { addressOf } from '../views.ts';

export interface PagesOptions {
  readonly store: ArticleStore;
  readonly views: Views;
  readonly lastTimes: LastTimes;
}

/** The pages that people look at. */
export function pageRoutes({ store, views, lastTimes }: PagesOptions): Router {
  const router = Router();

  router.get('/', (request, response) => {
    const search = readSearch(request.query);
    const deleted = readDeleted(request.query);
    const notice =
      deleted === undefined ? undefined : `The cache is deleted: ${showCount(deleted, 'key')} removed.`;
    const sql = store.statement(search);
    response.send(views.render('home', { title: 'Seconds to milliseconds', request: search, sql, notice }));
  });

  const query = (source: Source) => async (request: Request, response: Response) => {
    const search = readSearch(request.query);
    const result = await store.search(source, search);
    lastTimes.record(search, result);
    const sql = store.statement(search);
    const view = resultView({ request: search, result, sql, lastTime: lastTimes.get(search) });
    response.set({ 'Server-Timing': serverTiming(result), 'Cache-Status': cacheStatus(result) });
    response.send(views.render('result', { title: `${view.badge}: ${search.term}`, ...view }));
  };
  router.get('/query_mysql', query('mysql'));
  router.get('/query_cache', query('cache'));

  router.post('/delete_cache', sameOriginOnly, async (request, response) => {
    const search = readSearch(request.query);
    const deleted = await store.deleteCache();
    // 303, so that a reload asks for the page again and not for another deletion.
    response.redirect(303, `${addressOf('/', search)}&deleted=${deleted}`);
  });

  router.all('/delete_cache', () => {
    throw new WrongMethodError('POST');
  });

  return router;
}
