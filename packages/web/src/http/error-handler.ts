import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Engine } from '../store/article-store.ts';
import { EngineAwayError, ProblemError, StoreError } from '../errors.ts';
import { FaultError } from '../faults/fault-error.ts';
import { PROBLEMS, type ProblemName } from './problems.ts';
import type { Views } from '../pages/views.ts';

/** An error as the visitor gets it: nothing of its inside. */
interface Problem {
  readonly type: ProblemName;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly advice?: string;
  readonly members?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The last handler: answers for a path that no route has. */
export const notFound: RequestHandler = (_request, _response, next) => {
  next(new ProblemError('not-found', 'Nothing lives at this address.'));
};

/**
 * Turns whatever a route threw into a page, or, under `/api` and for those who have sent JSON, into problem details (RFC 9457). What went wrong inside is
 * logged with the request, under the id that the page shows.
 */
export function errorHandler(views: Views): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      // Half a page is out: all that is left is to cut it off, which Express does.
      next(error);
      return;
    }
    const problem = problemOf(error);
    if (problem.status >= 500 && error instanceof Error) response.err = error;
    response.status(problem.status).set({ 'Cache-Control': 'no-store', ...problem.headers });
    const { type, status, title, detail, advice, members } = problem;
    const requestId = typeof request.id === 'string' ? request.id : '';
    if (isForProgram(request)) {
      const body = { type: `/problems/${type}`, title, status, detail, ...members, requestId };
      response.type('application/problem+json').send(JSON.stringify(body));
      return;
    }
    const page = { title, heading: title, text: detail, advice, requestId };
    response.send(views.render('message', page));
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) {
    const { problem, message, members, headers } = error;
    return { ...kindOf(problem), detail: message, members, headers };
  }
  if (error instanceof EngineAwayError) {
    const { message, advice, engine } = error;
    return {
      ...kindOf('engine-away'),
      title: message.replace(/\.$/, ''),
      detail: NEEDED_FOR[engine],
      advice,
      members: { engine, advice },
      headers: { 'Retry-After': '5' },
    };
  }
  if (error instanceof FaultError) {
    const { status, title, message } = error;
    return { ...kindOf(status === 409 ? 'conflict' : 'unexpected'), title, detail: message };
  }
  if (error instanceof StoreError) return { ...kindOf('store-failed'), detail: error.message };
  return unreadable(error) ?? { ...kindOf('unexpected'), detail: UNEXPECTED };
}

/** What Express and its parsers throw for a request that they cannot read, such as a broken %-escape in the path. */
function unreadable(error: unknown): Problem | undefined {
  if (!(error instanceof Error && 'status' in error)) return undefined;
  const { status } = error;
  if (status === 413) return { ...kindOf('too-large'), detail: 'The body is longer than it may be.' };
  if (status === 415) {
    return { ...kindOf('wrong-media-type'), detail: 'The body is not encoded in a way that is read here.' };
  }
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  const what = 'body' in error || 'type' in error ? 'body' : 'address';
  return { ...kindOf('unreadable'), detail: `Its ${what} is not well formed.` };
}

function kindOf(type: ProblemName): Pick<Problem, 'type' | 'status' | 'title'> {
  const { status, title } = PROBLEMS[type];
  return { type, status, title };
}

const UNEXPECTED = 'The demo met an error that it does not know. The log has it, under the id below.';

const NEEDED_FOR: Record<Engine, string> = {
  mysql: 'The rows that were asked for have to be read from MySQL.',
  redis: 'What this needs is in Redis, and nothing else can stand in for it.',
};

function isForProgram(request: Request): boolean {
  return /^\/api(\/|$)/i.test(request.path) || request.is('json') === 'json';
}
