import { onTestFinished } from 'vitest';
import type { Cache, CacheOptions } from '../../src/index.ts';
import { createCache } from '../../src/index.ts';
import { testPrefix } from '../support.ts';
import { makeClients } from './clients.ts';
import type { Topology } from './topologies.ts';

export const TTL = { ttlMs: 60_000 };
export const PATIENCE = { timeout: 20_000, interval: 10 };

/** What each test of the contract works with. */
export interface Bench {
  readonly topology: () => Topology;
  /** A cache with clients of its own, as each process has, closed with the test. */
  readonly makeCache: (options: Partial<CacheOptions> & { prefix: string }) => Cache;
  /** Two processes of one application. */
  readonly makePair: (options?: Partial<CacheOptions>) => { prefix: string; here: Cache; there: Cache };
}

export function makeBench(topology: () => Topology): Bench {
  const makeCache: Bench['makeCache'] = (options) => {
    const clients = makeClients(topology().connection);
    // Longer than a busy machine makes Redis take: faults are not what these tests look at.
    const cache = createCache({ ...clients.options, timeoutMs: 10_000, ...options });
    onTestFinished(async () => {
      await cache.close();
      clients.close();
    });
    return cache;
  };
  return {
    topology,
    makeCache,
    makePair: (options = {}) => {
      const prefix = testPrefix();
      return { prefix, here: makeCache({ ...options, prefix }), there: makeCache({ ...options, prefix }) };
    },
  };
}
