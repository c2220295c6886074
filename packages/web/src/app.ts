import type { Express, Response } from 'express';
import express from 'express';
import type { Logger } from 'pino';
import { apiRoutes } from './api/index.ts';
import type { ArticleStore } from './store/article-store.ts';
import { Bodies } from './http/bodies.ts';
import { compareRoutes } from './compare/routes.ts';
import { compressPages } from './http/compress.ts';
import type { TrustProxy } from './config/trust-proxy.ts';
import type { Dashboard } from './dashboard/dashboard.ts';
import { dashboardRoutes } from './dashboard/routes.ts';
import { errorHandler, notFound } from './http/error-handler.ts';
import { NOT_ITS_OWN, type Unbreakable } from './faults/break-page.ts';
import type { Faults } from './faults/faults.ts';
import { faultRoutes } from './faults/routes.ts';
import { BUILT_SCRIPTS, PUBLIC } from './folders.ts';
import { LastTimes } from './pages/last-times.ts';
import type { Load } from './load/load.ts';
import { loadRoutes } from './load/routes.ts';
import { requestLog } from './logging.ts';
import { createMetrics } from './http/metrics.ts';
import { Plans } from './pages/plans.ts';
import { limitRate } from './http/rate-limit.ts';
import { healthRoutes } from './http/health.ts';
import { pageRoutes } from './pages/routes.ts';
import { problemRoutes } from './http/problem-types.ts';
import { scripts } from './pages/scripts.ts';
import { securityHeaders } from './http/security.ts';
import { isTraced, requestSpans } from './http/tracing.ts';
import { createViews } from './pages/views.ts';

export interface AppOptions {
  /** Where the articles are; whoever made it closes it. */
  readonly store: ArticleStore;
  readonly logger: Logger;
  /** What happens now, for the page of that name. Default: no such page. */
  readonly dashboard?: Dashboard | undefined;
  /** The load generator on that page. Default: none. */
  readonly load?: Load | undefined;
  /** A Redis that may be broken, or why there is none. */
  readonly faults?: Faults | Unbreakable | undefined;
  /** Whose word for a visitor's address is taken, as Express has it. Default: nobody's. */
  readonly trustProxy?: TrustProxy | undefined;
  /** How often a minute one client may ask for what costs: MySQL past the cache, and changes. Default: 0, as often as it likes. */
  readonly rateLimitPerMinute?: number | undefined;
  /** Set on every answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The demo as an Express application. It holds no connection, and no timer that would keep a process from ending. */
export function createApp({
  store,
  logger,
  dashboard,
  load,
  faults = NOT_ITS_OWN,
  trustProxy = false,
  rateLimitPerMinute = 0,
  headers = {},
}: AppOptions): Express {
  const views = createViews(() => store.name);
  const lastTimes = new LastTimes();
  const bodies = new Bodies();
  const plans = new Plans(store);
  const metrics = createMetrics(store);
  const limited = limitRate(rateLimitPerMinute, (request) => load?.isOwn(request) === true);
  const ownHeaders = Object.entries(headers);
  const app = express();
  app.disable('x-powered-by');
  // What can be kept has an ETag of its own, that is made once. The rest would be hashed at each request for nothing.
  app.disable('etag');
  // A parameter is a text or, given twice, a list of texts; never an object that a clever address has built.
  app.set('query parser', 'simple');
  app.set('trust proxy', trustProxy);

  app.use(requestLog(logger), metrics.http.handler);
  if (isTraced()) app.use(requestSpans());
  app.use(securityHeaders, (_request, response, next) => {
    // The demo shows its own cache; a browser's would only confuse what is seen.
    response.setHeader('Cache-Control', 'no-store');
    for (const [name, value] of ownHeaders) response.setHeader(name, value);
    next();
  });
  if (dashboard) app.use(METERED, dashboard.meter.handler);
  app.use(apiRoutes({ store, bodies, lastTimes, metrics: metrics.http, limited }));
  app.use(compressPages);
  app.use(['/query_mysql', '/compare', '/delete_cache', '/load'], limited);
  app.use(pageRoutes({ store, views, bodies, plans, lastTimes }));
  app.use(healthRoutes(store), metrics.routes, problemRoutes(views));
  app.use(faultRoutes({ faults, render: (page) => views.render('break', page) }));
  app.use(scripts({ builtDir: BUILT_SCRIPTS }), compareRoutes(store, views));
  if (dashboard) {
    app.use(dashboardRoutes({ dashboard, load, render: (page) => views.render('dashboard', page) }));
  }
  if (load) app.use(loadRoutes(load));
  // Last, since it asks the file system for whatever comes to it.
  app.use(express.static(PUBLIC, { index: false, setHeaders: keepFiles }));
  app.use(notFound, errorHandler(views));
  return app;
}

/** What the dashboard counts: queries, in pages and for programs. */
const METERED = ['/query_cache', '/query_mysql', '/api/articles', '/api/journals', '/api/cities'];

function keepFiles(response: Response): void {
  // Kept by the browser, which asks each time whether they are still the same.
  response.setHeader('Cache-Control', 'no-cache');
}
