import type { ThrowawayCluster, ThrowawayServer } from '@workshop/engines/throwaway';
import { setTimeout as delay } from 'node:timers/promises';

/** A node as it sees itself. */
export interface ClusterNode {
  server: ThrowawayServer;
  id: string;
  role: 'primary' | 'replica';
  /** Of a replica. */
  primaryId: string | undefined;
}

/** What a node has been asked since the counts began. */
export interface NodeCounts {
  role: ClusterNode['role'];
  /** Commands that it ran, by name in small letters: "get", "config|get". */
  calls: ReadonlyMap<string, number>;
  /** Commands that it refused before it ran them, by name. */
  rejected: ReadonlyMap<string, number>;
  /** Errors it answered with, by their first word: "CROSSSLOT". */
  errors: ReadonlyMap<string, number>;
}

/** After half of it without a word, a node asks another how it is. */
const fastMs = 1_000;
/** Only a check makes a failover: a busy machine must not. */
const steadyMs = 60_000;
const pollMs = 10;
const limitMs = 20_000;

/** A Redis Cluster that is one run's alone, and what may happen to one. All of it is put right before the next check. */
export class LabCluster {
  readonly #cluster: ThrowawayCluster;
  readonly #hanging = new Set<ThrowawayServer>();
  #isChanged = false;

  constructor(cluster: ThrowawayCluster) {
    this.#cluster = cluster;
  }

  /** Those that answer. */
  async nodes(): Promise<ClusterNode[]> {
    return await Promise.all(this.#answering.map(describe));
  }

  async primaries(): Promise<ClusterNode[]> {
    return (await this.nodes()).filter(({ role }) => role === 'primary');
  }

  /** The keys that each primary holds. */
  async keys(): Promise<{ node: ClusterNode; keys: string[] }[]> {
    const primaries = await this.primaries();
    return await Promise.all(
      primaries.map(async (node) => ({ node, keys: (await node.server.ask('KEYS', '*')) as string[] })),
    );
  }

  async empty(): Promise<void> {
    await Promise.all((await this.primaries()).map(async ({ server }) => await server.ask('FLUSHALL')));
  }

  /** Begins to count anew. */
  async resetCounts(): Promise<void> {
    await Promise.all(this.#answering.map(async (server) => await server.ask('CONFIG', 'RESETSTAT')));
  }

  async counts(): Promise<NodeCounts[]> {
    const nodes = await this.nodes();
    return await Promise.all(
      nodes.map(async ({ server, role }) => {
        const text = `${String(await server.ask('INFO', 'commandstats'))}\n${String(await server.ask('INFO', 'errorstats'))}`;
        return {
          role,
          calls: numbers(text, /^cmdstat_([^:]+):calls=(\d+)/gm),
          rejected: numbers(text, /^cmdstat_([^:]+):.*rejected_calls=(\d+)/gm),
          errors: numbers(text, /^errorstat_([^:]+):count=(\d+)/gm),
        };
      }),
    );
  }

  /** Its process stands still: connections stay open, and nothing comes back. */
  async hang({ server }: ClusterNode): Promise<void> {
    this.#isChanged = true;
    this.#hanging.add(server);
    await server.kill('SIGSTOP');
  }

  /** Its process is gone. The others have not noticed yet, and won't: see `takeOver`. */
  async kill({ server }: ClusterNode): Promise<void> {
    this.#isChanged = true;
    this.#hanging.delete(server);
    await server.kill('SIGKILL');
  }

  /** The replica of a primary takes its place, and all who answer know it. */
  async takeOver(primary: ClusterNode): Promise<void> {
    this.#isChanged = true;
    const replica = (await this.nodes()).find(({ primaryId }) => primaryId === primary.id);
    if (!replica) throw new Error(`no replica of the node at port ${primary.server.port} answers`);
    await replica.server.ask('CLUSTER', 'FAILOVER', 'TAKEOVER');
    await until('the nodes know the new primary', async () => {
      const views = await Promise.all(
        this.#answering.map(async (server) => String(await server.ask('CLUSTER', 'NODES'))),
      );
      return views.every((view) =>
        new RegExp(`^${replica.id} .*\\bmaster\\b.*connected \\d`, 'm').test(view),
      );
    });
  }

  /** From now on no replica hears of what its primary does, and each goes on answering with what it has. */
  async holdReplication(): Promise<void> {
    this.#isChanged = true;
    const nodes = await this.nodes();
    const replicas = nodes.filter(({ role }) => role === 'replica');
    for (const { server } of replicas) await server.ask('CONFIG', 'SET', 'masterauth', 'none');
    for (const { server, role } of nodes)
      if (role === 'primary') await server.ask('CLIENT', 'KILL', 'TYPE', 'replica');
    await until('the replicas are cut off', async () => {
      const infos = await Promise.all(
        replicas.map(async ({ server }) => String(await server.ask('INFO', 'replication'))),
      );
      return infos.every((info) => info.includes('master_link_status:down'));
    });
  }

  /** Every write so far has reached the replicas. */
  async untilReplicated(): Promise<void> {
    const primaries = await this.primaries();
    await until('the replicas have all writes', async () => {
      const infos = await Promise.all(
        primaries.map(async ({ server }) => String(await server.ask('INFO', 'replication'))),
      );
      return infos.every((info) => {
        const offset = /^master_repl_offset:(\d+)/m.exec(info)?.[1];
        return info.includes(`,offset=${offset},`);
      });
    });
  }

  /**
   * Moves the slots of these keys, which one node has, to another node, as `redis-cli --cluster reshard` does.
   * @param midway runs when half of each slot's keys have gone
   */
  async move(
    keys: readonly string[],
    from: ClusterNode,
    to: ClusterNode,
    midway: () => Promise<void>,
  ): Promise<void> {
    this.#isChanged = true;
    const slots = [
      ...new Set(
        await Promise.all(keys.map(async (key) => Number(await from.server.ask('CLUSTER', 'KEYSLOT', key)))),
      ),
    ];
    for (const slot of slots) {
      await to.server.ask('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
      await from.server.ask('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
    }
    try {
      await this.#migrate(slots, from, to, 0.5);
      await midway();
    } finally {
      await this.#migrate(slots, from, to, 1);
      const primaries = await this.primaries();
      const others = primaries.filter(({ id }) => id !== to.id);
      for (const slot of slots)
        for (const { server } of [to, ...others]) await server.ask('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
    }
  }

  /** All nodes are well, and each would tell a client the same of every other. They gossip fast for as long as it takes. */
  async whenAgreed(): Promise<void> {
    await this.#setNodeTimeout(fastMs);
    await this.#cluster.whenWhole();
    // A replica is in the map once it is known to have something.
    await this.empty();
    await until('all nodes give the same map, with a replica for each slot', async () => {
      const maps = await Promise.all(this.#answering.map(mapOf));
      return (
        new Set(maps.map((map) => map.join())).size === 1 &&
        maps.flat().every((range) => range.split(' ').length === 4)
      );
    });
    await this.#setNodeTimeout(steadyMs);
  }

  /** @returns false when clients may have lost connections, or know a cluster that is no more */
  async renew(): Promise<boolean> {
    const kept = !this.#isChanged;
    for (const server of this.#hanging) await server.kill('SIGCONT');
    this.#hanging.clear();
    const { nodes, password } = this.#cluster;
    for (const server of nodes) if (server.pid === undefined) await server.restart();
    if (!kept) {
      for (const server of nodes) await server.ask('CONFIG', 'SET', 'masterauth', password);
      await this.whenAgreed();
    }
    this.#isChanged = false;
    await this.empty();
    return kept;
  }

  async #setNodeTimeout(ms: number): Promise<void> {
    await Promise.all(
      this.#answering.map(async (server) => await server.ask('CONFIG', 'SET', 'cluster-node-timeout', ms)),
    );
  }

  get #answering(): ThrowawayServer[] {
    return this.#cluster.nodes.filter((server) => server.pid !== undefined && !this.#hanging.has(server));
  }

  async #migrate(slots: readonly number[], from: ClusterNode, to: ClusterNode, part: number): Promise<void> {
    for (const slot of slots) {
      const keys = (await from.server.ask('CLUSTER', 'GETKEYSINSLOT', slot, 10_000)) as string[];
      const going = keys.slice(0, Math.ceil(keys.length * part));
      const { host, port } = to.server;
      const auth = this.#cluster.password;
      if (going.length > 0)
        await from.server.ask('MIGRATE', host, port, '', 0, 5_000, 'AUTH', auth, 'KEYS', ...going);
    }
  }
}

async function describe(server: ThrowawayServer): Promise<ClusterNode> {
  const list = String(await server.ask('CLUSTER', 'NODES'));
  const [id = '', , flags = '', primary] = /^.*\bmyself\b.*$/m.exec(list)?.[0].split(' ') ?? [];
  const isPrimary = flags.includes('master');
  return {
    server,
    id,
    role: isPrimary ? 'primary' : 'replica',
    primaryId: isPrimary ? undefined : primary,
  };
}

/** The map of the slots that a node gives to clients: "0 5461 id id", the primary first. */
async function mapOf(server: ThrowawayServer): Promise<string[]> {
  type Range = [first: number, last: number, ...nodes: [host: string, port: number, id: string][]];
  const ranges = (await server.ask('CLUSTER', 'SLOTS')) as Range[];
  return ranges
    .map(([first, last, ...nodes]) => [first, last, ...nodes.map(([, , id]) => id)].join(' '))
    .toSorted();
}

function numbers(text: string, pattern: RegExp): Map<string, number> {
  return new Map([...text.matchAll(pattern)].map(([, name = '', count]) => [name, Number(count)]));
}

async function until(goal: string, isDone: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (!(await isDone())) {
    if (performance.now() > giveUpAt)
      throw new Error(`the cluster of this run: ${limitMs / 1_000} s, and not yet: ${goal}`);
    await delay(pollMs);
  }
}
