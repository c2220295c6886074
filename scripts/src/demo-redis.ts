import type { Engines } from '@workshop/engines';
import { findInstalledServer, throwawayRedis } from '@workshop/engines/throwaway';
import { Faults, type Unbreakable } from '@workshop/web';
import { messageOf } from './report-error.ts';

/** The Redis that the demo's cache is in. */
export interface DemoRedis {
  readonly url: string;
  /** What the page "Break it" may do to it, or why it may not. */
  readonly faults: Faults | Unbreakable;
  readonly stop: () => Promise<void>;
}

/**
 * A Redis of the demo's own, which may be broken in front of a room: the labs, and whatever else uses the workshop's Redis, notice
 * nothing. It ends with this process, whatever way that comes. Where there is none to be had without installing
 * one, or the user has named another, the demo shares the engines' Redis.
 */
export async function startDemoRedis(
  { redisUrl, sources }: Pick<Engines, 'redisUrl' | 'sources'>,
  find: typeof findInstalledServer = findInstalledServer,
): Promise<DemoRedis> {
  const shared = (why: string): DemoRedis => ({ url: redisUrl, faults: { why }, stop: async () => {} });
  if (sources.redis === 'given') {
    return shared('REDIS_URL names the Redis that this demo uses, and it breaks none but its own.');
  }
  if ((await find()) === undefined) {
    return shared(
      'The demo breaks none but a Redis of its own, which takes redis-server or valkey-server on this machine.',
    );
  }
  try {
    const redis = await throwawayRedis({ maxmemory: '128mb', maxmemoryPolicy: 'allkeys-lru' });
    return { url: redis.url, faults: new Faults(redis), stop: () => redis.stop() };
  } catch (error) {
    return shared(`A Redis of the demo's own did not start, and it breaks no other: ${messageOf(error)}`);
  }
}
