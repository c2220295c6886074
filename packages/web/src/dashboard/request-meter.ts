import type { HistogramSnapshot } from '@workshop/cache';
import type { RequestHandler, Response } from 'express';
import { LatencyHistogram } from './latency-histogram.ts';

/** What has been answered since the server began. */
export interface RequestTotals {
  readonly requests: number;
  /** A status from 500 on, or an answer that its reader did not get to the end. */
  readonly failures: number;
  /** Requests for which the cache was asked, and the part of them that it could answer. */
  readonly reads: number;
  readonly hits: number;
  /** From when a request reached the meter to the last byte handed over, in milliseconds. */
  readonly hitMs: HistogramSnapshot;
  /** The same of requests that MySQL had to answer. */
  readonly missMs: HistogramSnapshot;
}

/**
 * Counts and times what passes through it, by the `Cache-Status` (RFC 9211) that each answer carries. Put it after what shall not count,
 * such as files and the dashboard itself.
 */
export class RequestMeter {
  readonly #hitMs = new LatencyHistogram();
  readonly #missMs = new LatencyHistogram();
  #requests = 0;
  #failures = 0;
  #reads = 0;
  #hits = 0;

  readonly handler: RequestHandler = (_request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => this.#count(response, performance.now() - startedAt));
    next();
  };

  totals(): RequestTotals {
    return {
      requests: this.#requests,
      failures: this.#failures,
      reads: this.#reads,
      hits: this.#hits,
      hitMs: this.#hitMs.snapshot(),
      missMs: this.#missMs.snapshot(),
    };
  }

  #count(response: Response, ms: number): void {
    this.#requests++;
    const isWhole = response.writableFinished;
    if (!isWhole || response.statusCode >= 500) this.#failures++;
    const status = response.getHeader('Cache-Status');
    if (typeof status !== 'string') return;
    const outcome = outcomeOf(status);
    if (outcome !== 'not-asked') this.#reads++;
    if (outcome === 'hit') this.#hits++;
    // How long a reader waited who left early says nothing about the server.
    if (isWhole) (outcome === 'hit' ? this.#hitMs : this.#missMs).observe(ms);
  }
}

/** `not-asked`: MySQL was asked for, past the cache. */
export function outcomeOf(cacheStatus: string): 'hit' | 'miss' | 'not-asked' {
  // A key can hold any text, so strings are taken out before parameters are looked for.
  const parameters = cacheStatus.includes('"') ? cacheStatus.replace(STRINGS, '') : cacheStatus;
  if (HIT.test(parameters)) return 'hit';
  return NOT_ASKED.test(parameters) ? 'not-asked' : 'miss';
}

const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const HIT = /;\s*hit\s*(?:[;,]|$)/;
const NOT_ASKED = /;\s*detail=not-asked\s*(?:[;,]|$)/;
