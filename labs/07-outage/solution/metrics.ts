import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { bounds, type Recent } from './recent.ts';
import type { RedisInfo } from './redis-info.ts';
import type { Watch } from './watch.ts';

/** Slower than this, a load is worth a look at its query, seconds. */
export const slowSeconds = 0.5;

/**
 * The figures, under the names that the guide gives. Labels hold nothing that a visitor can make up: each new value of a label is a
 * new series, which Prometheus keeps for weeks.
 */
export function createMetrics(
  recent: Recent,
): Watch & { text(info: RedisInfo | undefined): Promise<string> } {
  const registry = new Registry();
  const registers = [registry];
  const reads = new Counter({
    name: 'articles_cache_reads_total',
    help: 'Reads, by what came of them.',
    labelNames: ['operation', 'result'],
    registers,
  });
  const readSeconds = new Histogram({
    name: 'articles_read_seconds',
    help: 'From the call to the answer.',
    labelNames: ['operation', 'result'],
    buckets: bounds,
    registers,
  });
  const loadSeconds = new Histogram({
    name: 'articles_load_seconds',
    help: 'Queries to MySQL, those that failed too.',
    labelNames: ['operation'],
    buckets: bounds,
    registers,
  });
  const failures = new Counter({
    name: 'articles_load_failures_total',
    help: 'Queries to MySQL that failed.',
    labelNames: ['operation'],
    registers,
  });
  const slow = new Counter({
    name: 'articles_slow_loads_total',
    help: `Queries to MySQL that took more than ${slowSeconds} s.`,
    labelNames: ['operation'],
    registers,
  });
  const ratio = new Gauge({
    name: 'articles_cache_hit_ratio',
    help: 'Of the reads of the last minute, the part answered from Redis. NaN: there were none.',
    registers,
  });
  const up = new Gauge({ name: 'redis_up', help: '1 while Redis answers, else 0.', registers });
  const redis = redisFigures(registers);

  return {
    read(operation, outcome, seconds) {
      reads.inc({ operation, result: outcome });
      readSeconds.observe({ operation, result: outcome }, seconds);
    },

    load(operation, seconds, failed) {
      loadSeconds.observe({ operation }, seconds);
      if (failed) failures.inc({ operation });
      if (seconds > slowSeconds) slow.inc({ operation });
    },

    async text(info) {
      ratio.set(recent.hitRatio ?? Number.NaN);
      up.set(info ? 1 : 0);
      // While Redis is away there is nothing to say of it; old figures would look like new ones.
      for (const set of redis) set(info);
      return await registry.metrics();
    },
  };
}

/** Figures that Redis keeps. Its counters are taken over as they are. */
function redisFigures(registers: Registry[]): ((info: RedisInfo | undefined) => void)[] {
  const gauge = (name: string, help: string, figure: keyof RedisInfo) => {
    const metric = new Gauge({ name, help, registers });
    return (info: RedisInfo | undefined) => (info ? metric.set(info[figure]) : metric.remove());
  };
  const counter = (name: string, help: string, figure: keyof RedisInfo) => {
    const metric = new Counter({ name, help, registers });
    return (info: RedisInfo | undefined) => {
      metric.reset();
      if (info) metric.inc(info[figure]);
      else metric.remove();
    };
  };
  return [
    gauge('redis_memory_used_bytes', 'Memory that Redis uses.', 'usedBytes'),
    gauge('redis_memory_max_bytes', 'Memory that Redis may use; 0: no limit.', 'maxBytes'),
    counter('redis_evicted_keys_total', 'Keys that Redis removed to make room.', 'evictedKeys'),
    counter('redis_keyspace_hits_total', 'Look-ups that found a key.', 'keyspaceHits'),
    counter('redis_keyspace_misses_total', 'Look-ups that found none.', 'keyspaceMisses'),
  ];
}
