import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureCluster, waitForCluster } from './cluster-formation.ts';
import { openDataFolder, readMark, refuseOtherMaker } from './data-folder.ts';
import type { EngineContext } from './engine-context.ts';
import { findServing, launch, stopNative } from './native-engine.ts';
import { CLUSTER_SIZE, clusterPlaces, type Place } from './native-places.ts';
import { redisDaemon, redisUrl } from './native-redis.ts';
import { allFree, findFreePorts } from './ports.ts';
import type { RunningEngine } from './providers/provider.ts';
import { probeRedis } from './probe.ts';
import type { ServerProgram } from './server-program.ts';

/**
 * A Redis Cluster of three primaries and three replicas, each a process of its own on 127.0.0.1. Nodes that are down are started
 * again and rejoin. @throws {EngineError}
 */
export async function upCluster(
  findServer: () => Promise<ServerProgram | undefined>,
  context: EngineContext,
): Promise<RunningEngine | undefined> {
  const places = clusterPlaces(context.folder);
  const { dataDir } = places[0]!;
  const serving = new Map<string, number>();
  for (const place of places) {
    const port = await findServing(place, context);
    if (port !== undefined) serving.set(place.name, port);
  }
  let mark = await readMark(dataDir);
  if (!mark || serving.size < CLUSTER_SIZE) {
    const server = await findServer();
    if (!server) return undefined;
    if (mark) refuseOtherMaker(dataDir, mark, server);
    const down = places.filter(({ name }) => !serving.has(name));
    if (mark && (await portsAreFree(down, mark.port))) {
      await startNodes(down, mark.port, server, context);
    } else {
      if (mark)
        context.progress(
          "A port of the Redis Cluster's is taken by another program; making the cluster anew.",
        );
      mark = await makeCluster(places, server, context);
    }
  }
  const ports = places.map(({ portOffset }) => mark.port + portOffset);
  await waitForCluster({ ports, password: context.password });
  const url = redisUrl(mark.port, context.password);
  return { ...(await probeRedis(url, { timeoutMs: 5_000 })), source: 'native', url, nodePorts: ports };
}

/** A new cluster; what was there before is stopped, and what was left half made is put aside. */
async function makeCluster(places: readonly Place[], server: ServerProgram, context: EngineContext) {
  const { dataDir } = places[0]!;
  for (const { name } of places) {
    const record = context.records.get(name);
    if (record?.source === 'native') await stopNative(name, record, context);
  }
  if (await readMark(dataDir)) await rm(dataDir, { recursive: true });
  const port = await findFreePorts(CLUSTER_SIZE, { withBus: true });
  const ports = places.map(({ portOffset }) => port + portOffset);
  return openDataFolder(dataDir, server, {
    port,
    progress: context.progress,
    // The mark is written after this: a cluster whose forming was cut short is made anew.
    make: async () => {
      await startNodes(places, port, server, context);
      await ensureCluster({ ports, password: context.password }, context.progress);
    },
  });
}

async function startNodes(
  places: readonly Place[],
  firstPort: number,
  server: ServerProgram,
  context: EngineContext,
): Promise<void> {
  const [first, last] = [places[0]!, places.at(-1)!].map(({ portOffset }) => firstPort + portOffset);
  const nodes =
    places.length === 1
      ? `1 node on 127.0.0.1:${first}`
      : `${places.length} nodes on 127.0.0.1:${first}-${last}`;
  context.progress(`Starting ${server.brand} ${server.version} as a cluster, ${nodes}`);
  const started = await Promise.allSettled(
    places.map(async (place) => {
      const port = firstPort + place.portOffset;
      const dataDir = path.join(place.dataDir, place.name);
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      const daemon = await redisDaemon({ ...place, dataDir, port, password: context.password }, server, {
        'cluster-enabled': 'yes',
        'cluster-config-file': 'nodes.conf',
        // A primary that is gone is replaced within seconds, not the default 15; a busy laptop does not pause a node so long.
        'cluster-node-timeout': '3000',
        masterauth: context.password,
        'repl-diskless-sync-delay': '0',
        maxmemory: '64mb',
      });
      await launch(place.name, daemon, port, context);
    }),
  );
  for (const result of started) if (result.status === 'rejected') throw result.reason;
}

async function portsAreFree(places: readonly Place[], firstPort: number): Promise<boolean> {
  for (const { portOffset } of places) {
    if (!(await allFree(firstPort + portOffset, 1, true))) return false;
  }
  return true;
}
