import type { RedisClusterType } from '@keyv/redis';
import KeyvRedis, { createCluster, createKeyv, Keyv } from '@keyv/redis';
import type { Place } from '../place.ts';
import { passwordOf } from '../place.ts';

/**
 * Keyv over @keyv/redis, as its `createKeyv` sets it up; node-redis sends the commands of one tick together by itself. Its
 * queue is off, since with it a read waits until Redis is back.
 */
export async function openKeyvStore({ url, nodes }: Place, namespace: string): Promise<Keyv> {
  const keyv =
    nodes === undefined
      ? createKeyv({ url, disableOfflineQueue: true }, { namespace })
      : overCluster(url, nodes, namespace);
  keyv.on('error', () => {});
  // The first command makes the connection; those that come while it does would find no queue.
  await keyv.get('connect');
  return keyv;
}

function overCluster(url: string, nodes: NonNullable<Place['nodes']>, namespace: string): Keyv {
  const cluster = createCluster({
    rootNodes: nodes.map(({ host, port }) => ({ url: `redis://${host}:${port}` })),
    defaults: { password: passwordOf(url) },
  }) as RedisClusterType;
  return new Keyv(new KeyvRedis(cluster, { namespace }), { namespace, useKeyPrefix: false });
}

/** Ends the connections even where the server no longer answers. */
export async function closeKeyvStore(keyv: Keyv): Promise<void> {
  const { client } = keyv.store as KeyvRedis<unknown>;
  await client.destroy();
}
