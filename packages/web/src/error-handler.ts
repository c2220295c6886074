import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Engine } from './article-store.ts';
import {
  BadParameterError,
  CrossSiteError,
  EngineAwayError,
  StoreError,
  WrongMethodError,
} from './errors.ts';
import type { Views } from './views.ts';

/** An error as the visitor gets it: nothing of its inside. */
interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly advice?: string;
  /** Further members of the JSON problem, which name what the detail talks about. */
  readonly members?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** The last handler: answers for a path that no route has. */
export const notFound: RequestHandler = (_request, _response, next) => {
  next(new NotFoundError());
};

class NotFoundError extends Error {
  override name = 'NotFoundError';
}

/**
 * Turns whatever a route threw into a page, or, under `/api`, into problem details (RFC 9457). What went wrong inside is
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
    response.status(problem.status).set(problem.headers ?? {});
    const { title, detail, advice, members } = problem;
    const requestId = typeof request.id === 'string' ? request.id : '';
    if (isForProgram(request)) {
      const body = { type: 'about:blank', title, status: problem.status, detail, ...members, requestId };
      response.type('application/problem+json').send(JSON.stringify(body));
      return;
    }
    const page = { title, heading: title, text: detail, advice, requestId };
    response.send(views.render('message', page));
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof BadParameterError) {
    const members = { parameter: error.parameter };
    return { status: 400, title: 'That cannot be searched for', detail: error.message, members };
  }
  if (error instanceof EngineAwayError) {
    const { message, advice, engine } = error;
    return {
      status: 503,
      title: message.replace(/\.$/, ''),
      detail: NEEDED_FOR[engine],
      advice,
      members: { engine, advice },
      headers: { 'Retry-After': '5' },
    };
  }
  if (error instanceof StoreError)
    return { status: 500, title: 'That code did not answer', detail: error.message };
  if (error instanceof CrossSiteError) return { status: 403, title: 'Not from there', detail: error.message };
  if (error instanceof WrongMethodError) {
    return { status: 405, title: 'Not that way', detail: error.message, headers: { Allow: error.allowed } };
  }
  if (error instanceof NotFoundError) {
    return { status: 404, title: 'There is no such page', detail: 'Nothing lives at this address.' };
  }
  // What Express throws for a request it cannot read, such as a broken %-escape in the path.
  if (error instanceof Error && 'status' in error && error.status === 400) {
    return { status: 400, title: 'That request cannot be read', detail: 'Its address is not well formed.' };
  }
  return {
    status: 500,
    title: 'That went wrong',
    detail: 'The demo met an error that it does not know. The log has it, under the id below.',
  };
}

const NEEDED_FOR: Record<Engine, string> = {
  mysql: 'The rows that were asked for have to be read from MySQL.',
  redis: 'The cache is in Redis, and cannot be deleted without it.',
};

function isForProgram(request: Request): boolean {
  return request.path.startsWith('/api/');
}
