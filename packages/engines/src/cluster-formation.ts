import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { EngineError } from './engine-error.ts';
import { redisUrl } from './native-redis.ts';
import { ProbeError, withRedis } from './probe.ts';

/** Redis Cluster shares its keys out among so many slots (cluster specification). */
const SLOTS = 16_384;
const POLL_MS = 50;
const LIMIT_MS = 60_000;
const TIMEOUT_MS = 5_000;

/** Six empty nodes on 127.0.0.1, the first half of which become primaries. */
export interface ClusterNodes {
  ports: readonly number[];
  password: string;
}

/** Forms the cluster unless it is formed already, and waits until it serves. @throws {EngineError} */
export async function ensureCluster(nodes: ClusterNodes, progress: (line: string) => void): Promise<void> {
  const [firstPort] = nodes.ports;
  try {
    const first = await withRedis(
      redisUrl(firstPort!, nodes.password),
      { timeoutMs: TIMEOUT_MS },
      clusterInfo,
    );
    if (first.cluster_known_nodes === '1') {
      progress('Making the nodes a cluster');
      await formCluster(nodes);
    }
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    throw new EngineError(
      'start-failed',
      `The Redis Cluster's nodes run but could not be made a cluster: ${error.message}. Run 'pnpm services:reset', then try again.`,
      { cause: error },
    );
  }
  await waitForCluster(nodes);
}

/**
 * Makes a cluster of nodes that know nothing yet: the first half share the slots, each of the others follows one
 * of them. The commands are those that `redis-cli --cluster create` sends, which we do not need to be there.
 */
async function formCluster({ ports, password }: ClusterNodes): Promise<void> {
  const primaries = ports.length / 2;
  const ask = <T>(index: number, work: (redis: Redis) => Promise<T>) =>
    withRedis(redisUrl(ports[index]!, password), { timeoutMs: TIMEOUT_MS }, work);
  const everyNode = ports.map((_, index) => index);

  await Promise.all(
    everyNode.map((index) =>
      ask(index, async (redis) => {
        // Epochs that differ from the start spare the nodes a round of settling which of two is newer.
        await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
        if (index < primaries) await redis.call('CLUSTER', 'ADDSLOTS', ...slotsOf(index, primaries));
      }),
    ),
  );
  // Only then: a node that another has met takes no epoch any more.
  await Promise.all(
    everyNode.map((index) =>
      ask(index, async (redis) => {
        // Each meets all after it. One introduction for each would do, but gossip then takes seconds to spread.
        for (const port of ports.slice(index + 1)) await redis.call('CLUSTER', 'MEET', '127.0.0.1', port);
      }),
    ),
  );
  const ids = await Promise.all(
    everyNode.map((index) => ask(index, async (redis) => String(await redis.call('CLUSTER', 'MYID')))),
  );
  // Their count alone will not do: during its handshake a node stands in the list under a made-up id.
  await until('know one another', everyNode, (index) =>
    ask(index, async (redis) => {
      const list = String(await redis.call('CLUSTER', 'NODES'));
      return !list.includes('handshake') && ids.every((id) => list.includes(id));
    }),
  );
  await Promise.all(
    everyNode
      .slice(primaries)
      .map((index) => ask(index, (redis) => redis.call('CLUSTER', 'REPLICATE', ids[index - primaries]!))),
  );
}

/** Resolves once every node serves all slots, and every replica has its primary's data. @throws {EngineError} */
export async function waitForCluster({ ports, password }: ClusterNodes): Promise<void> {
  await until('agree that the cluster is whole', ports, (port) =>
    withRedis(redisUrl(port, password), { timeoutMs: TIMEOUT_MS }, async (redis) => {
      const state = await clusterInfo(redis);
      const replication = parseInfo(await redis.info('replication'));
      const half = String(ports.length / 2);
      return (
        state.cluster_state === 'ok' &&
        state.cluster_slots_ok === String(SLOTS) &&
        state.cluster_known_nodes === String(ports.length) &&
        state.cluster_size === half &&
        (replication.role === 'master'
          ? replication.connected_slaves !== '0'
          : replication.master_link_status === 'up')
      );
    }),
  );
}

function slotsOf(index: number, primaries: number): number[] {
  const first = Math.ceil((index * SLOTS) / primaries);
  const end = Math.ceil(((index + 1) * SLOTS) / primaries);
  return Array.from({ length: end - first }, (_, offset) => first + offset);
}

async function clusterInfo(redis: Redis): Promise<Record<string, string>> {
  return parseInfo(String(await redis.call('CLUSTER', 'INFO')));
}

function parseInfo(text: string): Record<string, string> {
  const pairs = text.split('\r\n').map((line) => line.split(':', 2));
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair.length === 2));
}

async function until<T>(
  goal: string,
  nodes: readonly T[],
  isDone: (node: T) => Promise<boolean>,
): Promise<void> {
  const giveUpAt = performance.now() + LIMIT_MS;
  let waiting = nodes;
  for (;;) {
    const results = await Promise.all(
      waiting.map(async (node) => ((await isDone(node).catch(notYet)) ? [] : [node])),
    );
    waiting = results.flat();
    if (waiting.length === 0) return;
    if (performance.now() > giveUpAt) {
      throw new EngineError(
        'start-failed',
        `The Redis Cluster's nodes run but do not ${goal} after ${LIMIT_MS / 1000} s. Run 'pnpm services:reset', then try again.`,
      );
    }
    await delay(POLL_MS);
  }
}

function notYet(error: unknown): false {
  if (error instanceof ProbeError) return false;
  throw error;
}
