import type { TextMapPropagator } from '@opentelemetry/api';
import { context, propagation, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isTraced } from '../../src/http/tracing.ts';
import { startDemo, useArticles } from '../support.ts';

const database = useArticles();
const exporter = new InMemorySpanExporter();
const CALLER = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};

/** Takes the caller from the header `caller`, in place of the W3C's propagator, which is not ours to test. */
const propagator: TextMapPropagator = {
  inject() {},
  extract: (active, carrier, getter) =>
    getter.get(carrier, 'caller') === undefined ? active : trace.setSpanContext(active, CALLER),
  fields: () => ['caller'],
};

beforeEach(() => {
  exporter.reset();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(provider);
  propagation.setGlobalPropagator(propagator);
});
afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

/** The spans, once that of the server is among them: it ends after the answer has gone out. */
async function spansOf(name: string): Promise<{ server: ReadableSpan; all: ReadableSpan[] }> {
  return await vi.waitFor(
    () => {
      const all = exporter.getFinishedSpans();
      const server = all.find((span) => span.name === name);
      if (server === undefined)
        throw new Error(`No span ${name}, but ${all.map((span) => span.name).join(', ')}.`);
      return { server, all };
    },
    { timeout: 20_000 },
  );
}

it('draws a span round a request, named by its route, and the cache within it', async () => {
  const { get } = await startDemo(database);
  await get('/api/articles/7');
  const { server, all } = await spansOf('GET /api/articles/:id');
  expect(server.kind).toBe(SpanKind.SERVER);
  expect(server.attributes).toMatchObject({
    'http.request.method': 'GET',
    'http.route': '/api/articles/:id',
    'http.response.status_code': 200,
    'url.path': '/api/articles/7',
    'url.scheme': 'http',
  });
  const read = all.find(({ name }) => name.startsWith('getOrLoad '));
  expect(read?.attributes).toMatchObject({ 'cache.outcome': 'miss' });
  expect(read?.parentSpanContext?.spanId).toBe(server.spanContext().spanId);
});

it('goes on with the trace of its caller', async () => {
  const { get } = await startDemo(database);
  await get('/query_cache', { headers: { caller: 'yes' } });
  const { server } = await spansOf('GET /query_cache');
  expect(server.spanContext().traceId).toBe(CALLER.traceId);
  expect(server.parentSpanContext?.spanId).toBe(CALLER.spanId);
});

it('tells what failed inside from what was asked amiss', async () => {
  const { get } = await startDemo({ mysqlUrl: 'mysql://nobody@127.0.0.1:1/nothing' });
  await get('/api/articles');
  expect((await spansOf('GET /api/articles')).server.status.code).toBe(SpanStatusCode.ERROR);
  await get('/nowhere');
  // A path is no route: each would be a name of its own.
  const { server } = await spansOf('GET');
  expect(server.status.code).toBe(SpanStatusCode.UNSET);
  expect(server.attributes).toMatchObject({ 'http.response.status_code': 404 });
});

it('does nothing where nobody has set OpenTelemetry up', async () => {
  expect(isTraced()).toBe(true);
  trace.disable();
  expect(isTraced()).toBe(false);
  const startSpan = vi.spyOn(trace, 'getTracer');
  const { get } = await startDemo(database);
  await get('/api/articles/7');
  expect(startSpan).not.toHaveBeenCalled();
});
