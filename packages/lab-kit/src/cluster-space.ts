import { throwawayCluster } from '@workshop/engines/throwaway';
import { Cluster, type Redis } from 'ioredis';
import { LabCluster } from './lab-cluster.ts';
import type { RedisPlace } from './redis-side.ts';

/** With little of it the nodes agree sooner on the start. */
const nodeTimeoutMs = 500;

/** A Redis Cluster that is one run's alone: three primaries with a replica each, one password for all. */
export async function startOwnCluster(): Promise<RedisPlace> {
  const servers = await throwawayCluster({ nodeTimeoutMs });
  const [first] = servers.nodes;
  if (!first) throw new Error('a cluster without nodes');
  const cluster = new LabCluster(servers);
  try {
    await cluster.whenAgreed();
  } catch (error) {
    await servers.stop();
    throw error;
  }
  const redis = new Cluster([{ host: first.host, port: first.port }], {
    lazyConnect: true,
    redisOptions: { password: servers.password },
  });
  redis.on('error', () => {});
  return {
    url: new URL(first.url),
    database: 0,
    // To whoever uses it a cluster is a Redis with more room: emptying it means each of its nodes.
    redis: Object.assign(redis as unknown as Redis, {
      async flushdb() {
        await cluster.empty();
        return 'OK' as const;
      },
    }),
    cluster,
    renew: async () => await cluster.renew(),
    async release() {
      redis.disconnect();
      await servers.stop();
    },
  };
}
