import type { CacheError } from '../errors.ts';
import type { Counter } from './counters.ts';
import { kindOf, zeroCounts, zeroErrors } from './counters.ts';
import type { CacheEmitter } from './emitter.ts';
import { callListener, Emitter } from './emitter.ts';
import type { CacheEvent, CacheEvents } from './events.ts';
import { Histogram } from './histogram.ts';
import type { CacheStats, Gauges, Latencies } from './stats.ts';

/** What a cache knows of itself: counters, histograms, and who wants to be told. Counting is on the path of every hit. */
export class Monitor {
  readonly #counts = zeroCounts();
  readonly #errors = zeroErrors();
  readonly #latencies = {
    redis: new Histogram(),
    load: new Histogram(),
    wait: new Histogram(),
    stale: new Histogram(),
  };
  readonly #emitter = new Emitter();
  readonly #onError: ((error: CacheError) => unknown) | undefined;

  constructor(options: { readonly onError?: ((error: CacheError) => unknown) | undefined } = {}) {
    this.#onError = options.onError;
  }

  /** For the cache's users to listen. */
  get events(): CacheEmitter {
    return this.#emitter;
  }

  /**
   * What a hit counts is added by name: V8 turns that into one store, and an access by a variable into a look-up, which was
   * measured at four times the cost.
   */
  count(counter: Counter, by = 1): void {
    if (counter === 'hits') this.#counts.hits += by;
    else if (counter === 'bytesRead') this.#counts.bytesRead += by;
    else if (counter === 'nearHits') this.#counts.nearHits += by;
    else this.#counts[counter] += by;
  }

  /** Counts an error that a read survived, and tells those who want to know. Never throws. */
  error(error: CacheError): void {
    const kind = kindOf(error);
    if (kind !== undefined) this.#errors[kind]++;
    this.#emitter.emit('error', { error });
    if (this.#onError !== undefined) callListener('onError', this.#onError, error);
  }

  /** `redis`: one round trip; `load`: one call of a loader; `wait`: one wait for another process' lease; `stale`: the age of a hit that the probe found to be wrong. In milliseconds. */
  observe(latency: keyof Latencies, ms: number): void {
    this.#latencies[latency].observe(ms);
  }

  /** Does anybody listen? Asked before a payload is built. */
  wants(event: CacheEvent): boolean {
    return this.#emitter.wants(event);
  }

  /** Calls the listeners. Never throws. */
  emit<E extends CacheEvent>(event: E, payload: CacheEvents[E]): void {
    this.#emitter.emit(event, payload);
  }

  snapshot(gauges: Gauges): CacheStats {
    const { redis, load, wait, stale } = this.#latencies;
    return {
      ...this.#counts,
      ...gauges,
      errors: { ...this.#errors },
      latency: {
        redis: redis.snapshot(),
        load: load.snapshot(),
        wait: wait.snapshot(),
        stale: stale.snapshot(),
      },
    };
  }
}
