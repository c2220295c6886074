import type { ClusterNode } from 'ioredis';
import { Cluster, Redis } from 'ioredis';
import type { CacheOptions } from '../../src/index.ts';
import { cacheClientOptions, clusterClientOptions } from '../../src/index.ts';

/** How a process comes by its clients. JSON, so that a program of its own can be told. */
export type Connection =
  | { readonly kind: 'single'; readonly url: string; readonly ca?: string | undefined }
  | { readonly kind: 'replicas'; readonly url: string; readonly readerUrl: string; readonly count: number }
  | { readonly kind: 'cluster'; readonly seeds: ClusterNode[]; readonly password: string };

/** The clients of one process, ready for `createCache`. They stay the caller's to close. */
export interface Clients {
  readonly options: Pick<CacheOptions, 'redis' | 'replicas'>;
  close(): void;
}

export function makeClients(connection: Connection): Clients {
  if (connection.kind === 'cluster') {
    const cluster = makeCluster(connection.seeds, connection.password);
    return { options: { redis: cluster }, close: () => cluster.disconnect() };
  }
  const tls =
    connection.kind === 'single' && connection.ca !== undefined ? { tls: { ca: connection.ca } } : {};
  const redis = quiet(new Redis(connection.url, { ...cacheClientOptions, ...tls }));
  if (connection.kind === 'single') return { options: { redis }, close: () => redis.disconnect() };
  const reader = quiet(new Redis(connection.readerUrl, cacheClientOptions));
  return {
    options: { redis, replicas: { count: connection.count, reader } },
    close: () => {
      redis.disconnect();
      reader.disconnect();
    },
  };
}

export function makeCluster(seeds: ClusterNode[], password: string): Cluster {
  return quiet(
    new Cluster(seeds, {
      ...clusterClientOptions,
      // A test does not want to wait for it.
      slotsRefreshInterval: 1_000,
      redisOptions: { ...cacheClientOptions, password },
    }),
  );
}

/** The cache reports what a read met with; without a listener ioredis prints each lost connection as well. */
function quiet<T extends Redis | Cluster>(client: T): T {
  client.on('error', () => {});
  return client;
}
