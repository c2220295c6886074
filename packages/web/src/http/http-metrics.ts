import type { Request, RequestHandler } from 'express';
import { Histogram, type Registry } from 'prom-client';
import { routeOf } from './route-of.ts';

/** From a near-cache hit to a slow scan, in seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Whatever else a client makes up is one label. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

type Label = 'method' | 'route' | 'status';

/** Counts and times requests, by their route's pattern and never by their path: each label would be a series of its own. */
export class HttpMetrics {
  readonly #duration: Histogram<Label>;

  constructor(registry: Registry) {
    this.#duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'From the arrival of a request to the last byte of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers: [registry],
    });
  }

  readonly handler: RequestHandler = (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      this.#duration.observe(labelsOf(request, response.statusCode), (performance.now() - startedAt) / 1_000);
    });
    next();
  };

  /** All that were answered, by class of status. */
  async requests(): Promise<{ total: number; byStatus: Record<string, number> }> {
    const { values } = await this.#duration.get();
    const byStatus: Record<string, number> = {};
    let total = 0;
    for (const { metricName, labels, value } of values) {
      if (metricName !== 'http_request_duration_seconds_count') continue;
      const status = String(labels.status);
      byStatus[status] = (byStatus[status] ?? 0) + value;
      total += value;
    }
    return { total, byStatus };
  }
}

function labelsOf(request: Request, status: number): Record<Label, string> {
  return {
    method: METHODS.has(request.method) ? request.method : 'other',
    route: routeOf(request) ?? 'none',
    status: `${Math.floor(status / 100)}xx`,
  };
}
