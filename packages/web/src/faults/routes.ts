import type { NextFunction, Request, Response } from 'express';
import { json, Router, urlencoded } from 'express';
import { BadParameterError, WrongMethodError } from '../errors.ts';
import { sameOriginOnly } from '../http/security.ts';
import { isFaultName } from './all-faults.ts';
import { breakPage, stateOf, type BreakPage, type Unbreakable } from './break-page.ts';
import { FaultError } from './fault-error.ts';
import { DEFAULT_SECONDS, MOST_SECONDS, type BeginOptions, type Faults } from './faults.ts';

export interface FaultRoutesOptions {
  readonly faults: Faults | Unbreakable;
  readonly render: (page: BreakPage) => string;
}

/** More than a key and a number need. */
const MOST_BYTES = '4kb';

/**
 * `/break` is the page, with `POST /break/:fault` and `POST /break/mend` for its forms; `/api/faults` is the same for programs:
 * GET, `POST /api/faults/:fault`, and DELETE to mend.
 */
export function faultRoutes({ faults, render }: FaultRoutesOptions): Router {
  const router = Router();
  const body = [urlencoded({ extended: false, limit: MOST_BYTES }), json({ limit: MOST_BYTES })];
  const faultPaths = ['/break/:fault', '/api/faults/:fault'];

  router.get('/break', (request, response) => {
    response.send(render(breakPage(faults, readSeconds(request.query['seconds']))));
  });

  router.get('/api/faults', (_request, response) => {
    response.json(stateOf(faults));
  });

  router.post('/break/mend', sameOriginOnly, async (_request, response) => {
    await breakable(faults).mend();
    response.redirect(303, '/break');
  });

  router.delete('/api/faults', sameOriginOnly, async (_request, response) => {
    await breakable(faults).mend();
    response.json(stateOf(faults));
  });

  router.post(
    faultPaths,
    sameOriginOnly,
    ...body,
    async (request: Request, response: Response, next: NextFunction) => {
      const name = request.params['fault'];
      if (!isFaultName(name)) {
        next();
        return;
      }
      const options = readOptions(request.body);
      await breakable(faults).begin(name, options);
      if (request.path.startsWith('/api/')) response.json(stateOf(faults));
      // 303, so that a reload asks for the page again and breaks nothing.
      else response.redirect(303, `/break?seconds=${options.seconds}`);
    },
  );

  router.all(['/break/mend', ...faultPaths], (request, _response, next) => {
    const name = request.params['fault'];
    next(name === undefined || isFaultName(name) ? new WrongMethodError('POST') : undefined);
  });

  return router;
}

function breakable(faults: Faults | Unbreakable): Faults {
  if (!('why' in faults)) return faults;
  throw new FaultError(409, 'There is nothing to break', faults.why);
}

/** The fields of a form, or the members of a JSON object. Throws `BadParameterError`. */
function readOptions(given: unknown): BeginOptions & { seconds: number } {
  const fields: { seconds?: unknown; key?: unknown } =
    typeof given === 'object' && given !== null ? given : {};
  const { seconds, key } = fields;
  if (key !== undefined && (typeof key !== 'string' || key.length > 1_000)) {
    throw new BadParameterError('key', 'must be one text of at most 1,000 characters');
  }
  // An empty field is one that was left alone.
  return { seconds: readSeconds(seconds), key: key === '' ? undefined : key };
}

function readSeconds(given: unknown): number {
  if (given === undefined || given === '') return DEFAULT_SECONDS;
  const text = typeof given === 'number' ? String(given) : given;
  const seconds = typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MOST_SECONDS) return seconds;
  throw new BadParameterError('seconds', `must be a whole number from 1 to ${MOST_SECONDS}`);
}
