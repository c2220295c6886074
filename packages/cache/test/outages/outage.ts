import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, onTestFinished } from 'vitest';
import type { CacheOptions } from '../../src/index.ts';
import { createCache } from '../../src/index.ts';
import type { Clients } from '../contract/clients.ts';
import { testPrefix } from '../support.ts';
import { Rows } from './rows.ts';
import { quantile, Traffic } from './traffic.ts';

/** Fewer than the callers, so that the cap has something to do. */
const MAX_CONCURRENT = 8;
const KEYS = 40;
const LOAD_MS = 5;
const HITS = 300;

export interface Outage {
  /** As it stands in docs/outages.md. */
  readonly weather: string;
  /** The clients of one process; asked twice. */
  readonly clients: () => Clients;
  readonly begin: () => Promise<unknown>;
  /** How many reads there are before it ends. */
  readonly reads: number;
  readonly end: () => Promise<unknown>;
  /**
   * What keeps a read waiting besides the loads. `nothing`: Redis is known to be away, or the breaker has opened. `answers`: Redis answers, at
   * once. `time-out`: it may take all of `timeoutMs`.
   */
  readonly waitsFor: 'nothing' | 'answers' | 'time-out';
  readonly options?: Partial<CacheOptions>;
}

const DELAY_RESOLUTION_MS = 5;

/**
 * Puts traffic on two caches, makes the weather, ends it, and holds the caches to what they promise: no read fails, none gives a value
 * older than a confirmed invalidation, no read waits longer than it may, the database is spared, and hits come back by themselves.
 */
export async function weather(outage: Outage): Promise<void> {
  const prefix = testPrefix();
  const rows = new Rows(KEYS, LOAD_MS);
  const timeoutMs = outage.options?.timeoutMs ?? 250;
  const [one, two] = [0, 1].map(() => {
    const clients = outage.clients();
    const cache = createCache({
      ...clients.options,
      ...outage.options,
      timeoutMs,
      prefix,
      loads: { maxConcurrent: MAX_CONCURRENT },
    });
    onTestFinished(async () => {
      await cache.close();
      clients.close();
    });
    return cache;
  });
  if (one === undefined || two === undefined) throw new Error('Two caches were to be made.');
  const traffic = new Traffic([one, two], rows);
  await traffic.hits(HITS);

  const measured = traffic.measure();
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  const startedAt = performance.now();
  await outage.begin();
  await traffic.reads(outage.reads);
  await outage.end();
  const endedAt = performance.now();
  await traffic.hits(HITS);
  const recoveredAt = performance.now();
  delay.disable();
  // It gives nanoseconds, its own pause included.
  const lateMs = Math.max(0, delay.max / 1e6 - DELAY_RESOLUTION_MS);
  const confirmed = traffic.confirmed;
  traffic.measure();
  await traffic.reads(HITS);
  await traffic.stop();

  const direct = quantile(measured.direct, 0.99);
  const ratio = quantile(measured.cached, 0.99) / direct;
  const bound = boundOf(outage.waitsFor, traffic.callersEach, timeoutMs + lateMs, direct);
  console.log(
    [
      outage.weather,
      `${measured.cached.length} reads, ${traffic.failures.length} failed, ${traffic.wrong.length} wrong`,
      `p99 ${ratio.toFixed(2)} times the direct load's (bound ${bound.toFixed(1)})`,
      `longest ${Math.round(Math.max(...measured.cached))} ms`,
      `${traffic.peak} of ${MAX_CONCURRENT} loads at once`,
      `outage ${Math.round(endedAt - startedAt)} ms, hits again ${Math.round(recoveredAt - endedAt)} ms later`,
    ].join(' | '),
  );
  expect(traffic.failures).toEqual([]);
  expect(traffic.wrong).toEqual([]);
  expect(traffic.confirmed).toBeGreaterThan(confirmed);
  expect(traffic.peak).toBeLessThanOrEqual(MAX_CONCURRENT);
  expect(ratio).toBeLessThanOrEqual(bound);
}

/**
 * How many times the direct load's p99 a cached read's p99 may be.
 *
 * A read waits for a place among the loads of its process, until its fellow callers' are through, `maxConcurrent` at a time, and then for
 * its own, or for one that began before it: so many loads one after the other. For Redis it waits no longer than `timeoutMs`,
 * all its commands together, and as much longer as this process was too busy to see to its timers. Where Redis answers at once, a look-up, a claim and a store each take less than a load. Where the
 * breaker opens, fewer than one read in a hundred comes before that, or is a trial.
 */
function boundOf(
  waitsFor: Outage['waitsFor'],
  callersEach: number,
  timeoutMs: number,
  direct: number,
): number {
  const loads = Math.ceil(callersEach / MAX_CONCURRENT) + 1;
  return loads + { nothing: 0, answers: 3, 'time-out': timeoutMs / direct }[waitsFor];
}
