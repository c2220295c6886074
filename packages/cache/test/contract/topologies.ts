import { readFile } from 'node:fs/promises';
import { throwawayCluster, throwawayRedis, throwawayReplicaSet } from '@workshop/engines/throwaway';
import { Redis } from 'ioredis';
import type { RedisClient } from '../../src/index.ts';
import type { Connection } from './clients.ts';
import { makeCluster } from './clients.ts';

/** Real servers, arranged in one of the ways that the cache is made for. */
export interface Topology {
  readonly connection: Connection;
  /** A client that may do everything, past the caches. */
  readonly onlooker: RedisClient;
  stop(): Promise<void>;
}

/** All that a cache is to be allowed, as docs/topologies.md tells it: the lines of the block that begins so. */
async function documentedRules(): Promise<string[]> {
  const page = await readFile(new URL('../../docs/topologies.md', import.meta.url), 'utf8');
  const block = /^resetchannels ~articles:\* .*?(?=^```)/ms.exec(page)?.[0] ?? '';
  const rules = block.match(/(?<=^|\s)[-+&]\S+/g) ?? [];
  return ['resetchannels', ...rules];
}

export async function singleServer(): Promise<Topology> {
  const server = await throwawayRedis();
  const onlooker = new Redis(server.url);
  return {
    connection: { kind: 'single', url: server.url },
    onlooker,
    stop: async () => {
      onlooker.disconnect();
      await server.stop();
    },
  };
}

export async function replicaSet(): Promise<Topology> {
  const set = await throwawayReplicaSet({ replicas: 2 });
  const [reader] = set.replicas;
  if (reader === undefined) throw new Error('A replica set without a replica.');
  const onlooker = new Redis(set.primary.url);
  return {
    connection: { kind: 'replicas', url: set.primary.url, readerUrl: reader.url, count: 2 },
    onlooker,
    stop: async () => {
      onlooker.disconnect();
      await set.stop();
    },
  };
}

export async function redisCluster(): Promise<Topology> {
  const cluster = await throwawayCluster({ primaries: 3 });
  // One seed: the client has to find the others by itself.
  const seeds = cluster.nodes.slice(0, 1).map(({ host, port }) => ({ host, port }));
  const onlooker = makeCluster(seeds, cluster.password);
  return {
    connection: { kind: 'cluster', seeds, password: cluster.password },
    onlooker,
    stop: async () => {
      onlooker.disconnect();
      await cluster.stop();
    },
  };
}

/** TLS, and a user who may touch only keys of the tests' own and run only what a cache needs. */
export async function tlsWithAcl(): Promise<Topology> {
  const server = await throwawayRedis({
    tls: true,
    acl: {
      user: 'cache',
      password: 'only-for-this-test',
      keyPattern: 'test:*',
      rules: await documentedRules(),
    },
  });
  const tls = server.ca === undefined ? {} : { ca: server.ca };
  const onlooker = new Redis(server.url, { tls });
  return {
    connection: { kind: 'single', url: server.userUrl, ca: server.ca },
    onlooker,
    stop: async () => {
      onlooker.disconnect();
      await server.stop();
    },
  };
}

/** The keys that begin so, on all servers. */
export async function keysUnder({ onlooker }: Topology, start: string): Promise<string[]> {
  const servers = 'nodes' in onlooker ? onlooker.nodes('master') : [onlooker];
  const found = await Promise.all(servers.map((server) => server.keys(`${start}*`)));
  return found.flat();
}
