import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import express from 'express';
import type { Logger } from 'pino';
import type { ArticleStore } from './article-store.ts';
import { errorHandler, notFound } from './error-handler.ts';
import { LastTimes } from './last-times.ts';
import { requestLog } from './logging.ts';
import { apiRoutes } from './routes/api.ts';
import { healthRoutes } from './routes/health.ts';
import { pageRoutes } from './routes/pages.ts';
import { securityHeaders } from './security.ts';
import { createViews } from './views.ts';
import { Bodies } from './bodies.ts';
import { Plans } from './plans.ts';

export interface AppOptions {
  /** Where the articles are; whoever made it closes it. */
  readonly store: ArticleStore;
  readonly logger: Logger;
  /** Set on every answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The demo as an Express application. It holds no connection and no timer of its own. */
export function createApp({ store, logger, headers = {} }: AppOptions): Express {
  const views = createViews(() => store.name);
  const lastTimes = new LastTimes();
  const bodies = new Bodies();
  const plans = new Plans(store);
  const app = express();
  app.disable('x-powered-by');
  // A parameter is a text or, given twice, a list of texts; never an object that a clever address has built.
  app.set('query parser', 'simple');

  app.use(requestLog(logger), securityHeaders);
  app.use((_request, response, next) => {
    response.set(headers);
    next();
  });
  app.use(express.static(fileURLToPath(new URL('../public', import.meta.url)), { index: false }));
  app.use((_request, response, next) => {
    // The demo shows its own cache; a browser's would only confuse what is seen.
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(healthRoutes(store));
  app.use('/api', apiRoutes(store, lastTimes));
  app.use(pageRoutes({ store, views, bodies, plans, lastTimes }));
  app.use(notFound, errorHandler(views));
  return app;
}
