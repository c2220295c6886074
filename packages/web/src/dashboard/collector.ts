import { histogramBetween, quantile } from '@workshop/cache';
import { Poll } from './poll.ts';
import { Rate } from './rate.ts';
import type { RequestTotals } from './request-meter.ts';
import type { Figures, Sample } from './sample.ts';
import type { MysqlFigures, RedisFigures, Sources } from './sources.ts';

/** Percentiles are of so many seconds: of one alone, the 99th would be the slowest request. */
const WINDOW = 10;

export interface CollectorOptions {
  readonly sources: Sources;
  /** What was answered so far. */
  readonly requests: () => RequestTotals;
  /** The most that an engine is waited for. */
  readonly pollLimitMs?: number;
}

/** Makes a sample each time it is told to: what was counted since the last one, and what the engines say now. */
export class Collector {
  readonly #sources: Sources;
  readonly #requests: () => RequestTotals;
  readonly #redis: Poll<RedisFigures>;
  readonly #mysql: Poll<MysqlFigures>;
  readonly #rates = {
    requests: new Rate(),
    failures: new Rate(),
    hits: new Rate(),
    evictions: new Rate(),
    mysql: new Rate(),
  };
  readonly #window: RequestTotals[] = [];
  #reads: Reads | undefined;

  constructor({ sources, requests, pollLimitMs = 800 }: CollectorOptions) {
    this.#sources = sources;
    this.#requests = requests;
    this.#redis = new Poll(sources.askRedis, pollLimitMs);
    this.#mysql = new Poll(sources.askMysql, pollLimitMs);
    // Where the first second begins.
    const now = performance.now();
    this.#countRequests(requests(), now);
    this.#countReads(this.#readsOf(requests()), now);
  }

  /** Never rejects. Call it once at a time. */
  async collect(): Promise<Sample> {
    const at = Date.now();
    const now = performance.now();
    const totals = this.#requests();
    const reads = this.#readsOf(totals);
    const counted = { ...this.#countRequests(totals, now), ...this.#countReads(reads, now) };
    const [redis, mysql] = await Promise.all([this.#redis.take(), this.#mysql.take()]);
    const polledAt = performance.now();
    return {
      figures: {
        at,
        ...counted,
        usedMemoryBytes: redis.figures?.usedMemoryBytes ?? null,
        maxMemoryBytes: redis.figures?.maxMemoryBytes ?? null,
        evictionRate: this.#rates.evictions.next(redis.figures?.evictedKeys, polledAt),
        connectedClients: redis.figures?.connectedClients ?? null,
        mysqlRate: this.#rates.mysql.next(mysql.figures?.questions, polledAt),
      },
      state: {
        redis: redis.watch,
        mysql: mysql.watch,
        keys: redis.figures?.keys ?? null,
        session: { requests: totals.requests, ...reads },
      },
    };
  }

  #countRequests(totals: RequestTotals, now: number): RequestFigures {
    this.#window.push(totals);
    if (this.#window.length > WINDOW + 1) this.#window.shift();
    const oldest = this.#window[0] ?? totals;
    const hit = histogramBetween(oldest.hitMs, totals.hitMs);
    const miss = histogramBetween(oldest.missMs, totals.missMs);
    return {
      requestRate: this.#rates.requests.next(totals.requests, now),
      failureRate: this.#rates.failures.next(totals.failures, now),
      hitP50: quantile(hit, 0.5) ?? null,
      hitP95: quantile(hit, 0.95) ?? null,
      hitP99: quantile(hit, 0.99) ?? null,
      missP50: quantile(miss, 0.5) ?? null,
      missP95: quantile(miss, 0.95) ?? null,
      missP99: quantile(miss, 0.99) ?? null,
    };
  }

  #countReads(after: Reads, now: number): ReadFigures {
    const before = this.#reads ?? after;
    this.#reads = after;
    return {
      hitRatio: ratio(after.hits - before.hits, after.reads - before.reads),
      sessionHitRatio: ratio(after.hits, after.reads),
      savedRate: this.#rates.hits.next(after.hits, now),
    };
  }

  /** The cache knows best what it was asked; without one, such as a learner's, the answers' headers tell. */
  #readsOf(totals: RequestTotals): Reads {
    const stats = this.#sources.cacheStats?.();
    if (stats === undefined) return { hits: totals.hits, reads: totals.reads };
    return { hits: stats.hits, reads: stats.hits + stats.misses + stats.bypasses };
  }
}

interface Reads {
  readonly hits: number;
  readonly reads: number;
}

type ReadFigures = Pick<Figures, 'hitRatio' | 'sessionHitRatio' | 'savedRate'>;
type RequestFigures = Pick<
  Figures,
  'requestRate' | 'failureRate' | 'hitP50' | 'hitP95' | 'hitP99' | 'missP50' | 'missP95' | 'missP99'
>;

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
