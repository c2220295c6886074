import type { Request, Response } from 'express';
import { Router } from 'express';
import type { ArticleStore, Source } from '../store/article-store.ts';
import type { Bodies } from '../http/bodies.ts';
import { WrongMethodError } from '../errors.ts';
import { showCount } from './format.ts';
import { showHow } from '../http/http-headers.ts';
import type { LastTimes } from './last-times.ts';
import { readDeleted } from '../http/params.ts';
import type { Plans } from './plans.ts';
import { readQuery } from '../queries/index.ts';
import { readableSql } from '../queries/query.ts';
import { kindOf, resultView } from './result-view.ts';
import { sameOriginOnly } from '../http/security.ts';
import type { Views } from './views.ts';
import { addressOf, withRows } from './views.ts';

export interface PagesOptions {
  readonly store: ArticleStore;
  readonly views: Views;
  readonly bodies: Bodies;
  readonly plans: Plans;
  readonly lastTimes: LastTimes;
}

/** The query pages. */
export function pageRoutes({ store, views, bodies, plans, lastTimes }: PagesOptions): Router {
  const router = Router();

  router.get('/', (request, response) => {
    const query = readQuery(request.query);
    const deleted = readDeleted(request.query);
    const notice =
      deleted === undefined ? undefined : `The cache is deleted: ${showCount(deleted, 'key')} removed.`;
    const page = { query, sql: readableSql(query), plan: plans.kept(query), notice };
    response.send(views.render('home', { title: 'Seconds to milliseconds', ...page }));
  });

  const answer = (source: Source) => async (request: Request, response: Response) => {
    const query = readQuery(request.query);
    const result = await store.ask(source, query);
    lastTimes.record(query, result);
    // A hit says what MySQL was spared, and spares it the question how it would have gone about it.
    const plan = kindOf(result) === 'hit' ? plans.kept(query) : await plans.of(query);
    const body = bodies.of(query.address, result.json);
    const lastTime = lastTimes.get(query);
    const view = resultView({ query, result, rows: body.rows.length, lastTime, plan });
    const title = `${view.badge}: ${query.kind.title}`;
    const page = views.render('result', { title, ...view });
    showHow(response, result);
    sendHtml(
      response,
      withRows(page, () => body.table((rows) => views.table(query, rows))),
    );
  };
  router.get('/query_mysql', answer('mysql'));
  router.get('/query_cache', answer('cache'));

  router.post('/delete_cache', sameOriginOnly, async (request, response) => {
    const query = readQuery(request.query);
    const deleted = await store.deleteCache();
    // 303, so that a reload asks for the page again and not for another deletion.
    response.redirect(303, `${addressOf('/', query)}&deleted=${deleted}`);
  });

  router.all('/delete_cache', () => {
    throw new WrongMethodError('POST');
  });

  return router;
}

/** A page that is in pieces already. What is written in one turn goes out together. */
function sendHtml(response: Response, pieces: readonly Buffer[]): void {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  response.type('html').set('Content-Length', String(bytes));
  for (const piece of pieces) response.write(piece);
  response.end();
}
