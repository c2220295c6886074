import type { Request, Response } from 'express';
import type { Body } from '../http/bodies.ts';
import { etagOf, isNoneMatch, type Coding } from './conditions.ts';

/** What is smaller than this gains nothing by being compressed: it fits one packet as it is. */
const LEAST_BYTES = 1_024;

/**
 * Answers with JSON bytes as they are, or as they were compressed once: nothing is parsed, written or hashed again for a body that is
 * kept. A client that has them already gets 304.
 */
export async function sendJson(request: Request, response: Response, body: Body): Promise<void> {
  const coding = codingFor(request, body);
  const etag = etagOf(body, coding);
  response.setHeader('ETag', etag);
  response.setHeader('Vary', 'Accept-Encoding');
  // Keep it, but ask each time: that is what the ETag is for.
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('Accept-Ranges', 'none');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && isNoneMatch(request.headers['if-none-match'], etag)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  const bytes = coding === 'identity' ? body.json : await body.compressed(coding);
  if (coding !== 'identity') response.setHeader('Content-Encoding', coding);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}

function codingFor(request: Request, { json }: Body): Coding {
  if (json.length < LEAST_BYTES || request.headers['accept-encoding'] === undefined) return 'identity';
  const coding = request.acceptsEncodings('br', 'gzip', 'identity');
  return coding === 'br' || coding === 'gzip' ? coding : 'identity';
}
