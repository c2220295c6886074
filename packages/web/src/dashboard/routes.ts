import { Router } from 'express';
import type { Load } from '../load/load.ts';
import type { Dashboard } from './dashboard.ts';
import type { DashboardPage } from './page.ts';
import { dashboardPage } from './page.ts';

export interface DashboardRoutesOptions {
  readonly dashboard: Dashboard;
  /** Default: the page has no load generator. */
  readonly load?: Load | undefined;
  /** Makes HTML of `views/dashboard.eta`. */
  readonly render: (page: DashboardPage) => string;
}

/** `GET /dashboard`, the page, and `GET /dashboard/events`, its stream of server-sent events. */
export function dashboardRoutes({ dashboard, load, render }: DashboardRoutesOptions): Router {
  const router = Router();

  router.get('/dashboard', (_request, response) => {
    response.send(render(dashboardPage(dashboard.latest, load)));
  });

  // Express would answer it by GET, whose answer has no end.
  router.head('/dashboard/events', (_request, response) => {
    response.type('text/event-stream').end();
  });

  router.get('/dashboard/events', (request, response) => {
    if (dashboard.stream(response, request.get('last-event-id'))) return;
    response.status(503).set('Retry-After', '30').type('text/plain');
    response.send('As many as can watch at once are watching. Try again when some have left.\n');
  });

  return router;
}
