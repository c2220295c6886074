import { Router } from 'express';
import { isProblemName, PROBLEMS } from './problems.ts';
import type { Views } from '../pages/views.ts';

/** The pages that the `type` of a problem detail (RFC 9457) is the address of. */
export function problemRoutes(views: Views): Router {
  const router = Router();
  router.get('/problems/:name', (request, response, next) => {
    const { name } = request.params;
    if (!isProblemName(name)) {
      next();
      return;
    }
    const { status, title, meaning } = PROBLEMS[name];
    const heading = `${status} ${title}`;
    const page = { title: heading, heading, text: meaning, advice: undefined, requestId: '' };
    response.send(views.render('message', page));
  });
  return router;
}
