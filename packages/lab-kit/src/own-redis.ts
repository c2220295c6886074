import { throwawayRedis, type ThrowawayOptions, type ThrowawayServer } from '@workshop/engines/throwaway';
import { Redis } from 'ioredis';
import type { RedisPlace } from './redis-side.ts';

/** A server that is one run's alone. A check may stop it and change its settings: `renew` puts all of that back. */
export async function startOwnRedis(options: ThrowawayOptions | undefined): Promise<RedisPlace> {
  const server = await throwawayRedis(options);
  let { pid } = server;
  const redis = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: 500 });
  // It comes back by itself once the server does.
  redis.on('error', () => {});
  const settings = await settingsOf(redis);
  return {
    url: new URL(server.url),
    database: 0,
    redis,
    server,
    async renew(forNewProcess) {
      const isLost = server.pid !== pid || !(await answers(server));
      if (isLost) await server.restart();
      pid = server.pid;
      for (const [name, value] of await settingsOf(redis)) {
        const wanted = settings.get(name);
        if (wanted !== undefined && wanted !== value) await redis.config('SET', name, wanted);
      }
      await redis.flushall();
      // Not under the feet of a process that may have looked at its counters before.
      if (forNewProcess) await redis.config('RESETSTAT');
      return !isLost;
    },
    async release() {
      redis.disconnect();
      await server.stop();
    },
  };
}

async function answers(server: ThrowawayServer): Promise<boolean> {
  if (server.pid === undefined) return false;
  return await server.ask('PING').then(
    () => true,
    () => false,
  );
}

async function settingsOf(redis: Redis): Promise<Map<string, string>> {
  const list: string[] = await redis.config('GET', '*');
  const names = list.filter((_, at) => at % 2 === 0);
  return new Map(names.map((name, at) => [name, list[2 * at + 1] ?? '']));
}
