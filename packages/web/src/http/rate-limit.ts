import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { ProblemError } from '../errors.ts';

/**
 * Counts what a client asks of what costs, in windows of a minute, and tells it in the RateLimit headers of the IETF's draft; what is too
 * much gets 429. A client is an IPv4 address, or a network of IPv6 (/56), as `trust proxy` has it. Each process counts for itself.
 *
 * @param perMinute 0: nothing is counted
 * @param isFree whether a request is not counted
 */
export function limitRate(
  perMinute: number,
  isFree: (request: Request) => boolean = () => false,
): RequestHandler {
  if (perMinute === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    skip: isFree,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // What it would warn of on the console is said by an option here: whose word for an address is taken.
    validate: false,
    handler: (_request, _response, next) => {
      const message = `This may be asked ${perMinute} times a minute.`;
      // It has set Retry-After already.
      next(new ProblemError('too-many-requests', message));
    },
  });
}
