import type { ThrowawayOptions, ThrowawayServer } from '@workshop/engines/throwaway';
import { throwawayRedis } from '@workshop/engines/throwaway';
import { expect, onTestFinished, vi } from 'vitest';
import { Faults } from '../../src/faults/faults.ts';
import type { BreakableRedis, Config, RunningServer } from '../../src/index.ts';
import { startServer } from '../../src/index.ts';
import { CONFIG } from '../support.ts';

export interface BreakableDemo {
  readonly server: RunningServer;
  readonly faults: Faults;
  readonly redis: ThrowawayServer;
  readonly get: (path: string) => Promise<Response>;
  /** Sends a form, as the page does. */
  readonly post: (path: string, fields?: Record<string, string>) => Promise<Response>;
  /** How a search fared: the `Cache-Status` of an answer that must be a 200. */
  readonly ask: (path?: string) => Promise<string>;
  /** Resolves once a search is a hit again. */
  readonly whenHit: (path?: string) => Promise<void>;
}

/** The demo on a Redis of its own that may be broken; all of it goes with the test. */
export async function startBreakableDemo(
  config: Partial<Config> & Pick<Config, 'mysqlUrl'>,
  options: ThrowawayOptions = {},
): Promise<BreakableDemo> {
  const redis = await startRedis(options);
  const faults = new Faults(redis);
  const server = await startServer(
    { ...CONFIG, redisTimeoutMs: 500, logLevel: 'silent', redisUrl: redis.url, ...config },
    { faults },
  );
  onTestFinished(() => server.close());
  const get = (path: string) => fetch(server.url + path);
  const ask = async (path = '/query_cache') => {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 200]);
    await response.arrayBuffer();
    return response.headers.get('cache-status') ?? '';
  };
  return {
    server,
    faults,
    redis,
    get,
    post: (path, fields = {}) =>
      fetch(server.url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' }),
    ask,
    whenHit: (path) =>
      vi.waitFor(async () => expect(await ask(path)).toContain('redis; hit'), { timeout: 20_000 }),
  };
}

export async function startRedis(options: ThrowawayOptions = {}): Promise<ThrowawayServer> {
  const redis = await throwawayRedis({ maxmemory: '16mb', maxmemoryPolicy: 'allkeys-lru', ...options });
  onTestFinished(() => redis.stop());
  return redis;
}

/** The same Redis, with one thing that goes wrong. */
export function withTrouble(redis: ThrowawayServer, trouble: Partial<BreakableRedis>): BreakableRedis {
  return {
    ask: (...words) => redis.ask(...words),
    kill: (signal) => redis.kill(signal),
    restart: () => redis.restart(),
    fill: () => redis.fill(),
    ...trouble,
  };
}

/** That nothing is broken: it answers, takes writes, and is configured as at its start. */
export async function expectWell(redis: ThrowawayServer): Promise<void> {
  expect(await redis.ask('SET', 'probe', 'value', 'PX', 60_000)).toBe('OK');
  expect(await redis.ask('CONFIG', 'GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'allkeys-lru']);
  expect(await redis.ask('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', String(16 * 1024 * 1024)]);
  expect(await redis.ask('SCAN', 0, 'MATCH', 'filler:*', 'COUNT', 100_000)).toEqual(['0', []]);
}
