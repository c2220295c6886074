import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { HttpLogger } from 'pino-http';
import { pinoHttp } from 'pino-http';
import type { LogLevel } from './config.ts';

/** A logger of JSON lines to standard output, whose errors carry no secret (see `plainError`). */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null, serializers: { err: plainError } });
}

/**
 * Logs each request with its id, which the response repeats in `X-Request-Id`. An id given by the caller or a proxy is kept
 * when it is one: a log line is no place for whatever a header may hold.
 */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId(request, response) {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    customLogLevel(_request, response, error) {
      if (error !== undefined || response.statusCode >= 500) return 'error';
      return response.statusCode >= 400 ? 'warn' : 'info';
    },
    // A probe every few seconds would bury what people did.
    autoLogging: { ignore: (request) => request.url === '/healthz' || request.url === '/readyz' },
    wrapSerializers: false,
    serializers: {
      req: ({ id, method, url }: IncomingMessage) => ({ id, method, url }),
      res: ({ statusCode }: ServerResponse) => ({ statusCode }),
      err: plainError,
    },
  });
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
