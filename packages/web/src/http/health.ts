import { Router } from 'express';
import type { ArticleStore } from '../store/article-store.ts';

/**
 * For whoever watches over this process. `/healthz`: it runs. `/readyz`: send it visitors; that needs MySQL, while without
 * Redis it only gets slower.
 */
export function healthRoutes(store: ArticleStore): Router {
  const router = Router();

  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });

  router.get('/readyz', async (_request, response) => {
    const states = await store.check();
    const isReady = states.every(({ engine, ok }) => ok || engine === 'redis');
    response.status(isReady ? 200 : 503).json({
      status: isReady ? 'ok' : 'unavailable',
      engines: Object.fromEntries(states.map(({ engine, ok, ms }) => [engine, { ok, ms: Math.round(ms) }])),
    });
  });

  return router;
}
