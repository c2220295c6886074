import { inspect } from 'node:util';
import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { CacheOptionError } from '../errors.ts';
import type { SpanAttributes, Tracing } from './tracing.ts';

export interface OpenTelemetryOptions {
  /**
   * Makes the spans.
   * @default the global provider's, named `@workshop/cache`
   */
  readonly tracer?: Tracer | undefined;
  /**
   * Whether a span carries the whole key, as `cache.key`. Keys may hold personal data, and each is a value of its own to index.
   * @default false
   */
  readonly includeKeys?: boolean | undefined;
}

/**
 * Spans round a cache's operations and loads, for `createCache({ tracing: openTelemetry() })`.
 *
 * OpenTelemetry has no conventions for caches. Its database conventions are for one command to one server, which is what an
 * instrumentation of ioredis draws underneath; a read of a cache may be none, several, or a load. So these spans are internal,
 * and are named as database spans are, by operation and target: `getOrLoad articles`, `load articles`.
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Tracing {
  const { tracer = trace.getTracer('@workshop/cache'), includeKeys = false } = options;
  if (typeof tracer?.startActiveSpan !== 'function') {
    throw new CacheOptionError('tracer', tracer, 'a tracer of @opentelemetry/api');
  }
  if (typeof includeKeys !== 'boolean') {
    throw new CacheOptionError('includeKeys', includeKeys, 'true or false');
  }
  const shown = includeKeys ? (attributes: SpanAttributes): Attributes => attributes : withoutKey;

  return {
    span(name, attributes, run) {
      const target = attributes['cache.prefix'];
      const spanName = target === undefined ? name : `${name} ${target}`;
      return tracer.startActiveSpan(spanName, { attributes: shown(attributes) }, async (span) => {
        try {
          return await run({
            set: (more) => {
              span.setAttributes(shown(more));
            },
          });
        } catch (error) {
          fail(span, error);
          throw error;
        } finally {
          span.end();
        }
      });
    },
  };
}

function withoutKey({ 'cache.key': _key, ...rest }: SpanAttributes): Attributes {
  return rest;
}

/** As the semantic conventions record errors: a status and `error.type`; they advise against an event for the exception. */
function fail(span: Span, error: unknown): void {
  const isError = error instanceof Error;
  span.setStatus({ code: SpanStatusCode.ERROR, message: isError ? error.message : inspect(error) });
  span.setAttribute('error.type', isError ? error.name : '_OTHER');
}
