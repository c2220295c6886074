import type { Request, Response } from 'express';
import { json, Router, urlencoded } from 'express';
import { ProblemError, WrongMethodError } from '../errors.ts';
import { sameOriginOnly } from '../http/security.ts';
import type { Load } from './load.ts';
import { readPlan } from './plan.ts';

/** More than any plan needs. */
const MOST_BYTES = '4 kB';

/**
 * `POST /load` begins a run and `POST /load/stop` ends it. A form is led back to the dashboard; who sends JSON gets the state: 202, or 409 when a
 * run is under way already.
 */
export function loadRoutes(load: Load): Router {
  const router = Router();
  const form = urlencoded({ extended: false, limit: MOST_BYTES });
  const object = json({ limit: MOST_BYTES });

  router.post('/load', sameOriginOnly, form, object, (request: Request, response: Response) => {
    const hasBegun = load.start(readPlan(request.body ?? {}));
    if (!hasBegun && isProgram(request)) throw new ProblemError('conflict', 'A run is under way.');
    answer(request, response, load);
  });

  router.post('/load/stop', sameOriginOnly, (request, response) => {
    load.stop();
    answer(request, response, load);
  });

  router.all(['/load', '/load/stop'], () => {
    throw new WrongMethodError('POST');
  });

  return router;
}

function answer(request: Request, response: Response, load: Load): void {
  if (isProgram(request)) response.status(202).json(load.state);
  // The dashboard shows which run is under way.
  else response.redirect(303, '/dashboard#load');
}

function isProgram(request: Request): boolean {
  return request.is('json') === 'json';
}
