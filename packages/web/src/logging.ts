import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { LogLevel } from './config/index.ts';

declare module 'http' {
  interface IncomingMessage {
    /** In the log, and in the answer's `X-Request-Id`. */
    id?: string;
  }
  interface ServerResponse {
    /** What went wrong inside, for the log. */
    err?: Error;
  }
}

/** A logger of JSON lines to standard output, whose errors carry no secret (see `plainError`). */
export function createLogger(level: LogLevel): Logger {
  // Lines go out together, soon: a write each would cost a request more than the line does.
  const output = pino.destination({ sync: false, minLength: 8_192, periodicFlush: 200 });
  return pino({ level, base: null, serializers: { err: plainError } }, output);
}

/**
 * Logs each request with its id, which the response repeats in `X-Request-Id`. An id given by the caller or a proxy is kept
 * when it is one: a log line is no place for whatever a header may hold.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const given = request.headers['x-request-id'];
    const id = typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
    request.id = id;
    response.setHeader('X-Request-Id', id);
    const { method, url } = request;
    // A probe every few seconds would bury what people did.
    if (url === '/healthz' || url === '/readyz') {
      next();
      return;
    }
    response.once('close', () => {
      const { statusCode, err, writableFinished } = response;
      const level = err !== undefined || statusCode >= 500 ? 'error' : statusCode >= 400 ? 'warn' : 'info';
      const responseTime = Math.round(performance.now() - startedAt);
      logger[level](
        { req: { id, method, url }, res: { statusCode }, ...(err && { err: plainError(err) }), responseTime },
        writableFinished ? 'request completed' : 'request cut off',
      );
    });
    next();
  };
}

/**
 * An error as it may be logged: type, message, code, stack and causes, and none of its other properties. A client's error
 * can carry the command that failed, with its arguments, and the argument of AUTH is the password.
 */
export function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    ...('code' in error ? { code: String(error.code) } : {}),
    stack,
    ...(cause === undefined ? {} : { cause: plainError(cause) }),
  };
}
