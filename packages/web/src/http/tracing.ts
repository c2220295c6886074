import type { Span } from '@opentelemetry/api';
import {
  context,
  propagation,
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { routeOf } from './route-of.ts';

/** Whether somebody has set OpenTelemetry up in this process. Done before the demo is made (`node --import`), or not at all. */
export function isTraced(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('@workshop/web') !== undefined
  );
}

/**
 * A server span round each request, under the caller's if it names one, with the attributes of the semantic conventions for HTTP. Where spans go is the
 * SDK's business; what runs within is the cache's spans, and those of whatever else is instrumented.
 */
export function requestSpans(): RequestHandler {
  const tracer = trace.getTracer('@workshop/web');
  return (request, response, next) => {
    const caller = propagation.extract(context.active(), request.headers);
    const attributes = {
      'http.request.method': request.method,
      'url.path': request.path,
      'url.scheme': request.protocol,
    };
    const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, caller);
    response.once('close', () => {
      end(span, request.method, routeOf(request), response.statusCode);
    });
    context.with(trace.setSpan(caller, span), next);
  };
}

function end(span: Span, method: string, route: string | undefined, status: number): void {
  if (route !== undefined) {
    span.updateName(`${method} ${route}`);
    span.setAttribute('http.route', route);
  }
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
