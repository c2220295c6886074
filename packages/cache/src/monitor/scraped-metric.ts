import type { Metric, Registry } from 'prom-client';
import type { MetricDefinition } from './prometheus-metrics.ts';
import type { StatsSource } from './stats.ts';

/** Labels for all of one cache's metrics. `cache` names the cache. */
export type CacheLabels = Readonly<Record<string, string>> & { readonly cache: string };

export interface Source {
  readonly cache: StatsSource;
  readonly labels: CacheLabels;
}

/**
 * A metric as a registry sees one: `name`, `type`, `get` and `reset` are all that prom-client's registry asks for. Its own
 * Histogram has no way to take over buckets that were counted elsewhere, which is why this is none of its classes.
 */
export class ScrapedMetric {
  readonly fullName: string;
  readonly help: string;
  readonly type: MetricDefinition['type'];
  /** An OpenMetrics registry changes it: it takes the `_total` off, and puts it on again line by line. */
  name: string;
  readonly #samples: MetricDefinition['samples'];
  readonly #sources: () => readonly Source[];

  constructor(
    prefix: string,
    { name, help, type, samples }: MetricDefinition,
    sources: () => readonly Source[],
  ) {
    this.fullName = `${prefix}_${name}`;
    this.name = this.fullName;
    this.help = help;
    this.type = type;
    this.#samples = samples;
    this.#sources = sources;
  }

  async get(): Promise<object> {
    const values = this.#sources().flatMap(({ cache, labels }) =>
      this.#samples(cache.stats()).map(({ suffix = '', labels: own, value }) => ({
        metricName: this.name + suffix,
        labels: { ...labels, ...own },
        value,
      })),
    );
    const { name, help, type } = this;
    // Workers of a Node cluster add up, whatever the type: each has a near cache, loads and a breaker of its own.
    return { name, help, type, values, aggregator: 'sum' };
  }

  /** Nothing is kept here: the counters are the cache's, and Prometheus allows for a restart, not for a reset. */
  reset(): void {}

  registerIn(registry: Pick<Registry, 'registerMetric'>): void {
    this.name = this.fullName;
    registry.registerMetric(this.asMetric());
  }

  asMetric(): Metric {
    return this as unknown as Metric;
  }
}
