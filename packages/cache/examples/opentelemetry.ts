import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createCache } from '@workshop/cache';
import { openTelemetry } from '@workshop/cache/opentelemetry';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  // Your program sets up an SDK already: then openTelemetry() without a tracer is all there is to do.
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracing = openTelemetry({ tracer: provider.getTracer('shop') });
  const cache = createCache({ redis, prefix, tracing });

  const title = () => cache.getOrLoad('title', () => 'The Po delta', { ttlMs: 60_000 });
  await title();
  await title();

  await cache.close();
  const spans = exporter.getFinishedSpans(); // in the order in which they ended
  return spans.map(({ name, attributes }) => ({
    operation: name.split(' ')[0],
    outcome: attributes['cache.outcome'] ?? null,
  }));
}
