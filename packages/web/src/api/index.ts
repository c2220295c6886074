import { Router, type RequestHandler } from 'express';
import type { ArticleStore } from '../store/article-store.ts';
import type { Bodies } from '../http/bodies.ts';
import { WrongMethodError } from '../errors.ts';
import type { HttpMetrics } from '../http/http-metrics.ts';
import type { LastTimes } from '../pages/last-times.ts';
import { faultOperations } from '../openapi/fault-operations.ts';
import { documentOperation } from '../openapi/operation.ts';
import { articleOperations } from './articles.ts';
import { leaderboardOperations } from './leaderboard.ts';
import { listOperations } from './lists.ts';
import type { Operation } from './operation.ts';
import { statsOperations } from './stats.ts';

export interface ApiOptions {
  readonly store: ArticleStore;
  readonly bodies: Bodies;
  readonly lastTimes: LastTimes;
  readonly metrics: HttpMetrics;
  /** Counts what a client asks of what costs. */
  readonly limited: RequestHandler;
}

/** The API: its answers are JSON, whatever a client says it accepts, and its errors are problem details (RFC 9457). */
export function apiRoutes(options: ApiOptions): Router {
  const router = Router();
  const operations = apiOperations(options);
  for (const path of new Set(operations.map((each) => each.path))) {
    const route = router.route(path);
    const here = operations.filter((each) => each.path === path);
    for (const { method, handlers } of here) route[method](...handlers);
    route.all(otherMethods(here));
  }
  return router;
}

export function apiOperations({ store, bodies, lastTimes, metrics, limited }: ApiOptions): Operation[] {
  const operations = [
    ...listOperations({ store, bodies, lastTimes, limited }),
    ...articleOperations({ store, bodies, limited }),
    ...leaderboardOperations(store),
    ...statsOperations(store, metrics),
  ];
  return [...operations, documentOperation([...operations, ...faultOperations])];
}

/** Answers for the methods that a path does not have. No CORS: a preflight is told what there is, and that nobody may. */
function otherMethods(operations: readonly Operation[]): RequestHandler {
  const methods = operations.flatMap(({ method }) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  );
  const allow = methods.join(', ');
  return (request, response, next) => {
    if (request.method === 'OPTIONS') response.status(204).set('Allow', `${allow}, OPTIONS`).end();
    else next(new WrongMethodError(allow));
  };
}
