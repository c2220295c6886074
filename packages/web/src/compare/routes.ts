import type { Response } from 'express';
import { Router } from 'express';
import pLimit from 'p-limit';
import type { ArticleStore } from '../store/article-store.ts';
import { STREAM_HEADERS } from '../dashboard/event-stream.ts';
import { BadParameterError } from '../errors.ts';
import { readQuery } from '../queries/index.ts';
import { single, type QueryString } from '../queries/query-string.ts';
import type { Query } from '../queries/query.ts';
import type { Views } from '../pages/views.ts';
import { compare, RUNS, type Comparison, type Runs } from './comparison.ts';
import { comparisonView } from './comparison-view.ts';

/** How many visitors may wait for their turn; MySQL would be asked for minutes by more. */
const MOST_WAITING = 20;

/**
 * `GET /compare`: the form, and with `runs` what came of it, once it is over. `GET /compare/events`: the same while it goes on, as
 * server-sent events that carry the result as HTML. One comparison runs at a time: two would measure each other.
 */
export function compareRoutes(store: ArticleStore, views: Views): Router {
  const router = Router();
  const turn = pLimit(1);

  const ask = (given: QueryString): { query: Query; runs: Runs | undefined } => ({
    query: readQuery(given),
    runs: readRuns(given),
  });

  router.get('/compare', async (request, response) => {
    const { query, runs } = ask(request.query);
    const title = `Compare: ${query.kind.title}`;
    let last: Comparison | undefined;
    if (runs !== undefined) {
      const { signal } = untilGone(response);
      await turn(async () => {
        for await (const state of compare(store, query, runs, signal)) last = state;
      });
    }
    const result = last === undefined ? undefined : comparisonView(last);
    response.send(views.render('compare', { title, query, runs, allRuns: RUNS, result }));
  });

  router.get('/compare/events', async (request, response) => {
    const { query, runs = 20 } = ask(request.query);
    if (turn.pendingCount >= MOST_WAITING) {
      response
        .status(503)
        .set('Retry-After', '60')
        .type('text/plain')
        .send('Too many are waiting to compare.\n');
      return;
    }
    response.writeHead(200, STREAM_HEADERS);
    const { signal } = untilGone(response);
    const send = (event: string, html: string) => {
      if (!signal.aborted) response.write(`event: ${event}\ndata: ${JSON.stringify({ html })}\n\n`);
    };
    if (turn.activeCount > 0) send('waiting', '');
    try {
      await turn(async () => {
        if (signal.aborted) return;
        for await (const state of compare(store, query, runs, signal)) {
          send(state.isOver ? 'over' : 'state', views.comparison(comparisonView(state)));
        }
      });
    } catch (error) {
      // It stands in the log with the request.
      if (error instanceof Error) response.err = error;
      send('broken', '');
    }
    response.end();
  });

  return router;
}

function readRuns(given: QueryString): Runs | undefined {
  const text = single(given, 'runs');
  if (text === undefined) return undefined;
  const runs = RUNS.find((each) => String(each) === text);
  if (runs === undefined) throw new BadParameterError('runs', `must be one of ${RUNS.join(', ')}`);
  return runs;
}

/** Aborted when the visitor has gone: nobody waits for the rest. */
function untilGone(response: Response): AbortController {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone;
}
