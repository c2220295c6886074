import { randomBytes } from 'node:crypto';
import { ensureCluster, waitForCluster } from '../cluster-formation.ts';
import type { ThrowawayServer } from './server.ts';
import { startServers } from './start-server.ts';

export interface ThrowawayCluster {
  /** The primaries first, then the replica of each, in the same order: as it was made, before any failover. */
  readonly nodes: readonly ThrowawayServer[];
  readonly password: string;
  /** The node that serves this key's slot as a primary now; undefined while its primary is gone and not yet replaced. */
  primaryOf(key: string): Promise<ThrowawayServer | undefined>;
  /** Resolves once all nodes run, every slot is served, and each primary has its replica. @throws {EngineError} */
  whenWhole(): Promise<void>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

export interface ThrowawayClusterOptions {
  /** Each has one replica. @default 3, the least with which a majority can see one fail */
  primaries?: number;
  /** How long a node may be silent before the others take it to be gone. A failover takes about twice this. @default 1_000 */
  nodeTimeoutMs?: number;
}

/** Starts a Redis Cluster. @throws {EngineError} */
export async function throwawayCluster({
  primaries = 3,
  nodeTimeoutMs = 1_000,
}: ThrowawayClusterOptions = {}): Promise<ThrowawayCluster> {
  const password = randomBytes(18).toString('base64url');
  const config = {
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
    'cluster-node-timeout': String(nodeTimeoutMs),
    // A replica that was without its primary for long still takes its place: a test has no newer data to wait for.
    'cluster-replica-validity-factor': '0',
    masterauth: password,
  };
  const nodes = await startServers(primaries * 2, { config }, { password, withBus: true });
  const members = { ports: nodes.map(({ port }) => port), password };
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    await ensureCluster(members, () => {});
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    nodes,
    password,
    primaryOf: (key) => primaryOf(key, nodes),
    whenWhole: () => waitForCluster(members),
    stop,
  };
}

/** Asks all at once and takes the first answer: one that stands still never gives one. */
async function primaryOf(
  key: string,
  nodes: readonly ThrowawayServer[],
): Promise<ThrowawayServer | undefined> {
  const views = nodes.filter(({ pid }) => pid !== undefined).map((node) => portServing(key, node));
  const port = await Promise.any(views).catch(() => undefined);
  return nodes.find((node) => node.port === port);
}

/** What one node holds to be so; undefined when it knows of no primary that is well. */
async function portServing(key: string, node: ThrowawayServer): Promise<number | undefined> {
  const slot = Number(await node.ask('CLUSTER', 'KEYSLOT', key));
  const list = String(await node.ask('CLUSTER', 'NODES'));
  const line = list.split('\n').find((each) => {
    const [, , flags = '', , , , , , ...slots] = each.split(' ');
    return flags.includes('master') && !flags.includes('fail') && slots.some((range) => holds(range, slot));
  });
  const port = /:(\d+)@/.exec(line ?? '')?.[1];
  return port === undefined ? undefined : Number(port);
}

function holds(range: string, slot: number): boolean {
  const [first, last = first] = range.split('-').map(Number);
  return first !== undefined && last !== undefined && slot >= first && slot <= last;
}
