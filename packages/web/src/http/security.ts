import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { CrossSiteError } from '../errors.ts';

/**
 * Response headers that leave a page nothing but its own files, streams and forms: nothing inline, no other origin, no framing.
 *
 * What helmet sends by default and this demo cannot use is left out. It is served over plain HTTP, on a laptop
 * and on an EC2 host's own name: `upgrade-insecure-requests` and HSTS would lead to an HTTPS that is not there, and
 * browsers ignore the two isolation headers on plain HTTP, with a complaint in the console.
 */
const secure = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      // For the streams of server-sent events.
      connectSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
});

/** They are the same for every answer, so helmet is asked for them once. */
const HEADERS = headersOf(secure);

/** Sets them. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  for (const [name, value] of HEADERS) response.setHeader(name, value);
  next();
};

function headersOf(handler: typeof secure): [name: string, value: string][] {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  handler(response.req, response, () => {});
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]);
}

/**
 * Lets a request through that changes something only from this site's own pages. Every current browser says where a request
 * comes from, in `Sec-Fetch-Site` or, on plain HTTP to another host, in `Origin`. One that says neither is no
 * browser, and there is no cookie or other credential here that it could misuse.
 */
export const sameOriginOnly: RequestHandler = (request, _response, next) => {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const isOwn =
    site === undefined
      ? origin === undefined || hostOf(origin) === request.get('host')
      : site === 'same-origin';
  next(isOwn ? undefined : new CrossSiteError());
};

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
