import type { OpenMetricsContentType, Registry } from 'prom-client';
import { CacheOptionError } from '../errors.ts';
import { METRICS, SAMPLE_LABELS } from './prometheus-metrics.ts';
import type { CacheLabels, Source } from './scraped-metric.ts';
import { ScrapedMetric } from './scraped-metric.ts';
import type { StatsSource } from './stats.ts';

export type { CacheLabels } from './scraped-metric.ts';

export interface PrometheusOptions {
  /** The prom-client registry that is scraped. */
  readonly registry: Registry | Registry<OpenMetricsContentType>;
  /**
   * `cache`, by which caches of one registry are told apart, and any others. Caches under one prefix must have the same
   * labels, with other values.
   */
  readonly labels: CacheLabels;
  /**
   * The beginning of every metric's name.
   * @default 'cache'
   */
  readonly prefix?: string | undefined;
}

/**
 * Shows a cache's counters, gauges and histograms in a prom-client registry. Nothing is counted twice: each scrape reads the
 * cache's own snapshot, so a scrape sees all since the cache was made, and reads pay nothing.
 *
 * Gives a function that takes the cache out again. Throws `CacheOptionError` for labels or a prefix that are invalid or taken.
 */
export function prometheusMetrics(cache: StatsSource, options: PrometheusOptions): () => void {
  const { registry, labels, prefix = 'cache' } = checkOptions(options);
  const family = familyOf(registry, prefix);
  const source = { cache, labels: { ...labels } };
  family.add(source);
  return () => family.remove(source);
}

type AnyRegistry = PrometheusOptions['registry'];

/** All caches under one prefix of one registry: a metric may be registered once only, and shows them all. */
class Family {
  readonly #registry: AnyRegistry;
  readonly #prefix: string;
  readonly #metrics: readonly ScrapedMetric[];
  #sources: readonly Source[] = [];

  constructor(registry: AnyRegistry, prefix: string) {
    this.#registry = registry;
    this.#prefix = prefix;
    this.#metrics = METRICS.map((definition) => new ScrapedMetric(prefix, definition, () => this.#sources));
  }

  add(source: Source): void {
    const missing = this.#metrics.filter((metric) => !this.#has(metric));
    // Whoever clears a registry means its caches too.
    if (missing.length === this.#metrics.length) this.#sources = [];
    for (const other of this.#sources) checkApart(source.labels, other.labels);
    this.#register(missing);
    this.#sources = [...this.#sources, source];
  }

  remove(source: Source): void {
    this.#sources = this.#sources.filter((other) => other !== source);
    if (this.#sources.length > 0) return;
    for (const { fullName } of this.#metrics.filter((metric) => this.#has(metric))) {
      this.#registry.removeSingleMetric(fullName);
    }
  }

  #register(missing: readonly ScrapedMetric[]): void {
    const taken = missing.find(({ fullName }) => this.#registry.getSingleMetric(fullName) !== undefined);
    if (taken !== undefined) {
      const needed = `free in the registry, which has a ${taken.fullName} already`;
      throw new CacheOptionError('prefix', this.#prefix, needed);
    }
    for (const metric of missing) metric.registerIn(this.#registry);
  }

  #has(metric: ScrapedMetric): boolean {
    return this.#registry.getSingleMetric(metric.fullName) === metric.asMetric();
  }
}

const families = new WeakMap<AnyRegistry, Map<string, Family>>();

function familyOf(registry: AnyRegistry, prefix: string): Family {
  const byPrefix = families.get(registry) ?? new Map<string, Family>();
  families.set(registry, byPrefix);
  const family = byPrefix.get(prefix) ?? new Family(registry, prefix);
  byPrefix.set(prefix, family);
  return family;
}

function checkOptions(options: PrometheusOptions): PrometheusOptions {
  const { registry, labels, prefix } = options;
  if (typeof registry?.registerMetric !== 'function') {
    throw new CacheOptionError('registry', registry, 'a Registry of prom-client');
  }
  if (prefix !== undefined && !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(prefix)) {
    throw new CacheOptionError('prefix', prefix, 'the beginning of a metric name, such as "cache"');
  }
  if (typeof labels?.cache !== 'string' || labels.cache === '') {
    throw new CacheOptionError('labels.cache', labels?.cache, 'the name of the cache');
  }
  for (const [name, value] of Object.entries(labels)) checkLabel(name, value);
  return options;
}

function checkLabel(name: string, value: unknown): void {
  if (!/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || SAMPLE_LABELS.has(name)) {
    throw new CacheOptionError('labels', name, `names of labels other than ${[...SAMPLE_LABELS].join(', ')}`);
  }
  if (typeof value !== 'string') throw new CacheOptionError(`labels.${name}`, value, 'a string');
}

function checkApart(labels: CacheLabels, others: CacheLabels): void {
  const names = Object.keys(others);
  if (names.toSorted().join() !== Object.keys(labels).toSorted().join()) {
    throw new CacheOptionError(
      'labels',
      Object.keys(labels).join(', '),
      `${names.join(', ')}, as for other caches`,
    );
  }
  if (names.every((name) => labels[name] === others[name])) {
    throw new CacheOptionError(
      'labels.cache',
      labels.cache,
      'another than that of a cache already registered',
    );
  }
}
