import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createConnection } from 'mysql2/promise';
import { afterAll, assert, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { openTelemetry } from '../../src/monitor/opentelemetry.ts';
import { makeCache } from '../support.ts';
import { PATIENT } from './support.ts';

const TTL = { ttlMs: 60_000 };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  context.disable();
});

/** A tracer, and the spans that it has ended, by their names. */
function recordSpans() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const spans = () => exporter.getFinishedSpans();
  const span = (name: string): ReadableSpan => {
    const [found, ...others] = spans().filter((each) => each.name === name);
    assert(
      found !== undefined,
      `no span ${name} in ${spans()
        .map((each) => each.name)
        .join(', ')}`,
    );
    assert(others.length === 0, `more than one span ${name}`);
    return found;
  };
  return { provider, tracer: provider.getTracer('test'), spans, span };
}

function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}

describe('a span', () => {
  it('is named by operation and cache, is internal, and has the attributes but for the key', async () => {
    const { tracer, span } = recordSpans();
    const attributes = { 'cache.prefix': 'articles', 'cache.key': 'articles:mail:a@b.org' };
    const result = await openTelemetry({ tracer }).span('getOrLoad', attributes, async ({ set }) => {
      set({ 'cache.outcome': 'hit', 'cache.key': 'articles:mail:a@b.org' });
      return 42;
    });
    expect(result).toBe(42);
    const { kind, status, attributes: seen, events } = span('getOrLoad articles');
    expect(kind).toBe(SpanKind.INTERNAL);
    expect(seen).toEqual({ 'cache.prefix': 'articles', 'cache.outcome': 'hit' });
    expect(status).toEqual({ code: SpanStatusCode.UNSET });
    expect(events).toEqual([]);
  });

  it('has the key where that is wanted', async () => {
    const { tracer, span } = recordSpans();
    const tracing = openTelemetry({ tracer, includeKeys: true });
    await tracing.span('get', { 'cache.key': 'articles:1' }, async () => {});
    expect(span('get').attributes).toEqual({ 'cache.key': 'articles:1' });
  });

  it('goes to the global provider by default, whenever that comes', async () => {
    const tracing = openTelemetry();
    const { provider, span } = recordSpans();
    trace.setGlobalTracerProvider(provider);
    onTestFinished(() => trace.disable());
    await tracing.span('clear', {}, async () => {});
    expect(span('clear').instrumentationScope.name).toBe('@workshop/cache');
  });

  it.each([
    ['an error', new TypeError('no such column'), 'TypeError', 'no such column'],
    ['a string', 'gone', '_OTHER', "'gone'"],
    ['nothing', undefined, '_OTHER', 'undefined'],
  ])('tells of %s that it ended with, which is thrown on', async (_name, error, type, message) => {
    const { tracer, span } = recordSpans();
    const failing = openTelemetry({ tracer }).span('load', {}, () => Promise.reject(error));
    await expect(failing).rejects.toBe(error);
    expect(span('load').status).toEqual({ code: SpanStatusCode.ERROR, message });
    expect(span('load').attributes).toEqual({ 'error.type': type });
  });

  it('tells of what is thrown before there is a promise', async () => {
    const { tracer, span } = recordSpans();
    const failure = new Error('at once');
    const failing = openTelemetry({ tracer }).span('load', {}, () => {
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(span('load').status.code).toBe(SpanStatusCode.ERROR);
  });

  it('refuses what is no tracer', () => {
    // @ts-expect-error: a provider is no tracer
    expect(() => openTelemetry({ tracer: recordSpans().provider })).toThrow(/^tracer must be a tracer/);
    // @ts-expect-error: neither true nor false
    expect(() => openTelemetry({ includeKeys: 'no' })).toThrow(/^includeKeys must be true or false/);
  });
});

describe('the spans of a cache', () => {
  it('nest: a read, its load, and what the load asks of MySQL', async () => {
    const { tracer, spans, span } = recordSpans();
    const { cache, prefix } = makeCache({ ...PATIENT, tracing: openTelemetry({ tracer }) });
    const mysql = await createConnection(inject('mysqlUrl'));
    onTestFinished(() => mysql.end());
    const load = async () => {
      await mysql.query('SELECT 1');
      // After a wait for the network, as an instrumentation of mysql2 begins its spans within a connection's queue.
      return tracer.startActiveSpan('SELECT', async (query) => {
        const [rows] = await mysql.query('SELECT 2 AS two');
        query.end();
        return rows;
      });
    };

    await tracer.startActiveSpan('GET /articles', async (request) => {
      expect(await cache.getOrLoad('mail:a@b.org', load, TTL)).toEqual([{ two: 2 }]);
      request.end();
    });

    const [read, loading] = [span(`getOrLoad ${prefix}`), span(`load ${prefix}`)];
    expect(parentOf(read)).toBe(span('GET /articles').spanContext().spanId);
    expect(parentOf(loading)).toBe(read.spanContext().spanId);
    expect(parentOf(span('SELECT'))).toBe(loading.spanContext().spanId);
    expect(read.attributes).toMatchObject({ 'cache.outcome': 'miss', 'cache.reason': 'absent' });
    expect(JSON.stringify(spans().map(({ name, attributes }) => ({ name, attributes })))).not.toContain(
      'a@b.org',
    );
  });

  it('have no load on a hit, and the load of another read is not theirs', async () => {
    const { tracer, spans } = recordSpans();
    const { cache, prefix } = makeCache({ ...PATIENT, tracing: openTelemetry({ tracer }) });
    const read = () => cache.getOrLoad('key', () => 'value', TTL);
    await Promise.all([read(), read()]);
    await read();
    const outcomes = spans().filter(({ name }) => name.startsWith('getOrLoad'));
    expect(outcomes.map(({ attributes }) => attributes['cache.outcome'])).toEqual(['miss', 'miss', 'hit']);
    expect(spans().filter(({ name }) => name === `load ${prefix}`)).toHaveLength(1);
  });

  it('end with the error of a load, on the load and on the read', async () => {
    const { tracer, span } = recordSpans();
    const { cache, prefix } = makeCache({ ...PATIENT, tracing: openTelemetry({ tracer }) });
    const failure = new RangeError('the database is away');
    await expect(cache.getOrLoad('key', () => Promise.reject(failure), TTL)).rejects.toBe(failure);
    for (const name of [`getOrLoad ${prefix}`, `load ${prefix}`]) {
      expect(span(name).status).toEqual({ code: SpanStatusCode.ERROR, message: failure.message });
      expect(span(name).attributes['error.type']).toBe('RangeError');
    }
  });
});
