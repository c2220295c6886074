import { fail } from '@workshop/lab-kit';
import { figures, type Figures } from './figures.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** Every metric that the guide names, with its type. */
const wanted: Readonly<Record<string, string>> = {
  articles_cache_reads_total: 'counter',
  articles_read_seconds: 'histogram',
  articles_load_seconds: 'histogram',
  articles_load_failures_total: 'counter',
  articles_slow_loads_total: 'counter',
  articles_cache_hit_ratio: 'gauge',
  redis_up: 'gauge',
  redis_memory_used_bytes: 'gauge',
  redis_memory_max_bytes: 'gauge',
  redis_evicted_keys_total: 'counter',
  redis_keyspace_hits_total: 'counter',
  redis_keyspace_misses_total: 'counter',
};
/** Without these bounds, seconds, nobody can say what part of the loads was slow, or how slow. */
const bounds = [0.01, 0.1, 0.5, 1, 2.5];

export const page: LabCheck = {
  id: 'page',
  title: 'metrics() is a page that Prometheus can read',
  expected: `${Object.keys(wanted).length} metrics by the names and types of the guide; histograms with the buckets ${bounds.join(', ')} s`,
  hint: 'prom-client writes the format for you: one Registry, a Counter, Gauge or Histogram for each figure.',
  hints: [
    'Prometheus asks every 15 seconds and knows nothing of your program. What must a page say so that it can draw a rate, and a percentile?',
    'Make a `Registry` of prom-client, give it every metric (`registers`), and return `registry.metrics()`.',
    { file: 'metrics.ts', from: 'const registry = new Registry()', to: 'const up = ' },
  ],
  async run(context) {
    await someReads(context);
    const now = await figures(context);
    for (const [name, type] of Object.entries(wanted)) {
      const is = now.exposition.types.get(name);
      if (is !== type) {
        fail(
          `metrics() says of ${name}: ${is === undefined ? 'nothing' : `it is a ${is}`}; expected a ${type}`,
          {
            mistake: is === undefined ? 'metric-missing' : 'wrong-type',
            leadsTo:
              'Graphs and alarms are written by name and type: this one stays empty, and nobody sees that it does.',
          },
        );
      }
    }
    for (const name of ['articles_read_seconds', 'articles_load_seconds']) checkHistogram(now, name);
    return `${now.exposition.samples.length} series of ${now.exposition.types.size} metrics`;
  },
};

/** A miss and a hit of each function. */
async function someReads({ store, observe }: Context): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await observe(async () => {
      await store.search('delta', 5);
      await store.byId(7);
      await store.readers(7);
    });
  }
}

/** Buckets hold all that is below their bound, so they never fall; the last one, +Inf, holds all there is. */
function checkHistogram(now: Figures, name: string): void {
  const missing = bounds.find((bound) => now.upTo(name, bound) === undefined);
  if (missing !== undefined) {
    fail(`${name} has no bucket le="${missing}"`, {
      mistake: 'no-buckets',
      leadsTo: 'A percentile between two buckets far apart is a guess.',
    });
  }
  const counts = [...bounds, Infinity].map((bound) => now.upTo(name, bound) ?? 0);
  if (counts.some((count, index) => index > 0 && count < counts[index - 1]!))
    fail(`the buckets of ${name} are not cumulative: ${counts.join(', ')}`, { mistake: 'not-cumulative' });
  const count = now.sum(`${name}_count`);
  if (counts.at(-1) !== count) fail(`${name}_count is ${count}, and its bucket +Inf ${counts.at(-1)}`);
  if (now.sum(`${name}_sum`) === undefined) fail(`${name} has no _sum`);
}
