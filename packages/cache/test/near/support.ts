import type { RedisEvent, RedisTap } from '@workshop/wiretap';
import { throwawayRedis } from '@workshop/engines/throwaway';
import { createRedisTap } from '@workshop/wiretap';
import { Redis } from 'ioredis';
import { afterAll, onTestFinished, vi } from 'vitest';
import type { CacheRedisError } from '../../src/index.ts';
import { cacheClientOptions } from '../../src/index.ts';
import type { NearCacheOptions, NearValue } from '../../src/near/near.ts';
import { NearCache } from '../../src/near/near.ts';
import { connect as connectTo, testPrefix } from '../support.ts';

/**
 * A server of the file's own: FLUSHDB by anybody, in any database, as the labs' checks send it, tells every client that tracks keys to
 * drop all that it keeps.
 */
const server = await throwawayRedis();
afterAll(async () => await server.stop());
export const redisUrl = server.url;

/** Long enough that no heartbeat falls into a test that is not about heartbeats. */
const UNHURRIED_MS = 60_000;

export interface NearBench {
  readonly near: NearCache;
  readonly prefix: string;
  /** What `onState` was told, `on 0` or `off 3`, in order. */
  readonly states: string[];
  readonly errors: CacheRedisError[];
}

/** A near cache whose tracking ends with the test. Nothing is said of the client, which is the caller's to close. */
export function makeNear(options: Partial<NearCacheOptions> & Pick<NearCacheOptions, 'client'>): NearBench {
  const prefix = options.prefix ?? testPrefix();
  const states: string[] = [];
  const errors: CacheRedisError[] = [];
  const near = new NearCache({
    prefix,
    maxEntries: 1_000,
    ttlMs: UNHURRIED_MS,
    heartbeatMs: UNHURRIED_MS,
    now: () => 1_000_000,
    onState: (state, flushed) => states.push(`${state} ${flushed}`),
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(() => near.close());
  return { near, prefix, states, errors };
}

/** A client as the cache makes one, closed with the test. */
export function cacheClient(url = redisUrl): Redis {
  const client = new Redis(url, cacheClientOptions);
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

/** Somebody else's connection, closed with the test. */
export const connect = (): Redis => connectTo(redisUrl);

/** A tap before the real Redis, closed with the test. */
export async function makeTap(): Promise<RedisTap & { clientUrl: string }> {
  const { hostname, port } = new URL(redisUrl);
  const tap = await createRedisTap({ upstream: { host: hostname, port: Number(port) } });
  onTestFinished(() => tap.close());
  return Object.assign(tap, { clientUrl: tap.url(redisUrl) });
}

export const isOn = (near: NearCache) => until(() => near.isOn);
export const isOff = (near: NearCache) => until(() => !near.isOn);

/** Waits for a condition, and gives up long after it must have come. */
export async function until(condition: () => unknown): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await condition())) throw new Error(`Not so: ${condition.toString()}`);
    },
    { timeout: 20_000, interval: 2 },
  );
}

/** Keeps a value under a name as a read of Redis would that begins and ends now. */
export function keep(near: NearCache, name: string, value: unknown, more: Partial<NearValue> = {}): void {
  near.put(near.begin(name), { value, meta: undefined, tagKeys: [], ttlMs: Infinity, ...more });
}

/** Reads a key and keeps what is there, as the cache does. */
export async function readThrough(
  near: NearCache,
  client: NearCacheOptions['client'],
  name: string,
): Promise<string | null> {
  const ticket = near.begin(name);
  const value = await client.get(name);
  if (value !== null) near.put(ticket, { value, meta: undefined, tagKeys: [], ttlMs: Infinity });
  return value;
}

export const isTracking = ({ name, args }: RedisEvent) =>
  name === 'CLIENT' && String(args?.[0]).toUpperCase() === 'TRACKING';

/** The number of the tracking connection that was made last. */
export function trackingConnection({ record }: RedisTap): number {
  const [last] = record.events.filter((event) => event.store === 'redis' && isTracking(event)).toReversed();
  if (last === undefined) throw new Error('No connection tracks yet.');
  return last.connection;
}
