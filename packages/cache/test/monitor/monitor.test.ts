import { describe, expect, it } from 'vitest';
import {
  CacheDecodeError,
  CacheEncodeError,
  CacheInvalidError,
  CacheOptionError,
  CacheRedisError,
} from '../../src/errors.ts';
import type { Counter } from '../../src/monitor/counters.ts';
import { zeroCounts } from '../../src/monitor/counters.ts';
import { Monitor } from '../../src/monitor/monitor.ts';
import { NO_GAUGES } from './support.ts';

describe('the monitor', () => {
  it('counts each counter by itself', () => {
    const monitor = new Monitor();
    const counters = Object.keys(zeroCounts()) as Counter[];
    for (const [index, counter] of counters.entries()) {
      monitor.count(counter);
      monitor.count(counter, index);
    }
    expect(monitor.snapshot(NO_GAUGES)).toMatchObject(
      Object.fromEntries(counters.map((counter, index) => [counter, index + 1])),
    );
  });

  it('counts errors by kind, and one that no read meets not at all', () => {
    const monitor = new Monitor();
    monitor.error(new CacheRedisError('timeout', 'GET', ''));
    monitor.error(new CacheRedisError('unavailable', 'GET', ''));
    monitor.error(new CacheRedisError('reply', 'GET', ''));
    monitor.error(new CacheRedisError('reply', 'SET', ''));
    monitor.error(new CacheEncodeError('a function'));
    monitor.error(new CacheDecodeError('no known format'));
    monitor.error(new CacheInvalidError('articles:1', [{ message: 'no title' }]));
    monitor.error(new CacheOptionError('ttlMs', -1, 'at least 1'));
    expect(monitor.snapshot(NO_GAUGES).errors).toEqual({
      timeout: 1,
      unavailable: 1,
      reply: 2,
      encode: 1,
      decode: 1,
      invalid: 1,
    });
  });

  it('keeps the latencies apart', () => {
    const monitor = new Monitor();
    monitor.observe('redis', 0.4);
    monitor.observe('load', 30);
    monitor.observe('load', 50);
    const { redis, load, wait } = monitor.snapshot(NO_GAUGES).latency;
    expect([redis.sum, load.sum, wait.sum]).toEqual([0.4, 80, 0]);
    expect([redis.count, load.count, wait.count]).toEqual([1, 2, 0]);
  });

  it('gives snapshots that do not change, with the gauges as they are told', () => {
    const monitor = new Monitor();
    const gauges = { ...NO_GAUGES, runningLoads: 3, breakerOpen: true };
    const before = monitor.snapshot(gauges);
    monitor.count('hits');
    monitor.error(new CacheRedisError('timeout', 'GET', ''));
    monitor.observe('load', 1);
    expect(before).toMatchObject({ hits: 0, runningLoads: 3, breakerOpen: true });
    expect([before.errors.timeout, before.latency.load.count]).toEqual([0, 0]);
    expect(monitor.snapshot(NO_GAUGES)).toMatchObject({ hits: 1, runningLoads: 0, errors: { timeout: 1 } });
  });

  it('counts bytes exactly, far beyond 32 bits', () => {
    const monitor = new Monitor();
    for (let gigabyte = 0; gigabyte < 5_000; gigabyte++) monitor.count('bytesRead', 2 ** 30);
    expect(monitor.snapshot(NO_GAUGES).bytesRead).toBe(5_000 * 2 ** 30);
  });
});
