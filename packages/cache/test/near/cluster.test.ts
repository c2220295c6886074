import type { ThrowawayCluster, ThrowawayServer } from '@workshop/engines/throwaway';
import { throwawayCluster } from '@workshop/engines/throwaway';
import { Cluster } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NearCache } from '../../src/near/near.ts';
import { isOn, keep, makeNear, readThrough, until } from './support.ts';

let servers: ThrowawayCluster;
const clients = new Set<Cluster>();
beforeAll(async () => {
  servers = await throwawayCluster();
  // A replica to which nothing was written yet is not told of to clients.
  const client = await connectCluster({ replicas: 0 });
  for (const name of namesUnder('first')) await client.set(name, 'x');
});
afterEach(() => {
  for (const client of clients) client.disconnect();
  clients.clear();
});
afterAll(() => servers.stop());

/** A client that knows all nodes. The one it asked may not have heard of all the others yet, so it asks again. */
async function connectCluster({
  scaleReads = 'master',
  replicas = 3,
}: { scaleReads?: 'slave' | 'master'; replicas?: number } = {}): Promise<Cluster> {
  await servers.whenWhole();
  const client = new Cluster(
    servers.nodes.map(({ host, port }) => ({ host, port })),
    {
      scaleReads,
      redisOptions: { password: servers.password },
      clusterRetryStrategy: () => 50,
      slotsRefreshInterval: 100,
    },
  );
  client.on('error', () => {});
  clients.add(client);
  await until(() => client.status === 'ready' && client.nodes('slave').length >= replicas);
  return client;
}

/** Some for each primary. */
const namesUnder = (prefix: string) => Array.from({ length: 30 }, (_, index) => `${prefix}:${index}`);

/** Reads until all are kept: the messages of the writes before may still be under way. */
const keepAll = (near: NearCache, client: Cluster, names: readonly string[]) =>
  until(async () => {
    await Promise.all(names.map((name) => readThrough(near, client, name)));
    return names.every((name) => near.get(name) !== undefined);
  });

/** How many connections of a server's are tracking keys. */
async function trackers(server: ThrowawayServer): Promise<number> {
  return Number(/tracking_clients:(\d+)/.exec(String(await server.ask('INFO', 'clients')))?.[1]);
}

describe('on a cluster', () => {
  it('a change on any primary drops the value', async () => {
    const client = await connectCluster();
    const { near, prefix } = makeNear({ client });
    await isOn(near);
    const names = namesUnder(prefix);
    for (const name of names) await client.set(name, 'old');
    await keepAll(near, client, names);
    for (const name of names) await client.unlink(name);
    await until(() => names.every((name) => near.get(name) === undefined));
  });

  it('all nodes are listened to, and none after close', async () => {
    const client = await connectCluster();
    const { near, states } = makeNear({ client });
    const counts = () => Promise.all(servers.nodes.map(trackers));
    await until(async () => (await counts()).every((count) => count === 1));
    await isOn(near);
    await near.close();
    await until(async () => (await counts()).every((count) => count === 0));
    expect(states).toEqual(['on 0', 'off 0']);
    expect(['+node', '-node', 'refresh'].map((event) => client.listenerCount(event))).toEqual([0, 0, 0]);
  });

  it('a replica that is read from tells of what it takes over', async () => {
    const writer = await connectCluster();
    const client = await connectCluster({ scaleReads: 'slave' });
    const { near, prefix } = makeNear({ client });
    await isOn(near);
    const names = namesUnder(prefix);
    for (const name of names) await writer.set(name, 'old');
    await keepAll(near, client, names);
    for (const name of names) await writer.unlink(name);
    // Reads that come too early for the replica bring the old value once more; the replica's own message drops it.
    await until(async () => {
      const values = await Promise.all(names.map((name) => readThrough(near, client, name)));
      return values.every((value) => value === null);
    });
    await until(() => names.every((name) => near.get(name) === undefined));
  });

  it('a lost connection to a primary drops everything; one to a replica that is not read from, nothing', async () => {
    const client = await connectCluster();
    const { near, prefix, states } = makeNear({ client });
    await until(async () => (await Promise.all(servers.nodes.map(trackers))).every((count) => count === 1));
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    const replica = client.nodes('slave')[0]?.options.port;
    const server = servers.nodes.find(({ port }) => port === replica);
    await server?.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(async () => server && (await trackers(server)) === 1);
    expect([states, near.get(`${prefix}:a`)?.value]).toEqual([['on 0'], 1]);

    const primary = client.nodes('master')[0]?.options.port;
    await servers.nodes.find(({ port }) => port === primary)?.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(() => states.length === 3);
    expect([states, near.get(`${prefix}:a`)]).toEqual([['on 0', 'off 1', 'on 0'], undefined]);
  });
});

describe('a lost connection to a replica', () => {
  it('that is read from drops everything', async () => {
    const client = await connectCluster({ scaleReads: 'slave' });
    const { near, prefix, states } = makeNear({ client });
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    const replica = client.nodes('slave')[0]?.options.port;
    await servers.nodes.find(({ port }) => port === replica)?.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(() => states.length === 3);
    expect([states, near.get(`${prefix}:a`)]).toEqual([['on 0', 'off 1', 'on 0'], undefined]);
  });
});

describe('at a failover', () => {
  it('by hand, the new primary’s changes are heard of', async () => {
    const client = await connectCluster();
    const writer = await connectCluster();
    const { near, prefix } = makeNear({ client });
    await isOn(near);
    const name = `${prefix}:a`;
    await writer.set(name, 'old');
    await keepAll(near, client, [name]);

    const before = await servers.primaryOf(name);
    await (await replicaOf(before))?.ask('CLUSTER', 'FAILOVER');
    await until(async () => (await servers.primaryOf(name)) !== before);
    await writer.set(name, 'new');
    await until(() => near.get(name)?.value !== 'old');
    await keepAll(near, client, [name]);
    expect(near.get(name)?.value).toBe('new');
    await writer.unlink(name);
    await until(() => near.get(name) === undefined);
  });

  it('of a primary that was killed, everything is dropped, and the replica’s changes are heard of once it serves', async () => {
    const client = await connectCluster();
    const writer = await connectCluster();
    const { near, prefix, states } = makeNear({ client, heartbeatMs: 200 });
    await isOn(near);
    const name = `${prefix}:a`;
    await writer.set(name, 'old');
    await keepAll(near, client, [name]);

    const before = await servers.primaryOf(name);
    const flushedBefore = states.length;
    await before?.kill('SIGKILL');
    await until(() => states.length > flushedBefore);
    expect(near.get(name)).toBeUndefined();

    await until(async () => {
      const now = await servers.primaryOf(name);
      return now !== undefined && now !== before;
    });
    await until(async () => (await writer.set(name, 'new').catch(() => undefined)) === 'OK');
    await until(async () => {
      if (near.isOn) await readThrough(near, client, name).catch(() => {});
      return near.get(name)?.value === 'new';
    });
    await writer.set(name, 'newer');
    await until(() => near.get(name)?.value !== 'new');

    await before?.restart();
    await servers.whenWhole();
    await until(async () => near.isOn && (await trackers(before!)) > 0);
  });

  it('that ioredis learns of by a redirection and tells nobody, everything is dropped all the same', async () => {
    const client = await connectCluster();
    const { near, prefix } = makeNear({ client });
    await isOn(near);
    const name = `${prefix}:a`;
    await client.set(name, 'value');
    await keepAll(near, client, [name]);
    const ticket = near.begin(`${prefix}:b`);
    // What a MOVED reply does within ioredis: the node changes its part, and no event says so.
    const [node] = client.nodes('slave');
    const pool = Reflect.get(client, 'connectionPool') as {
      findOrCreate(node: object, readOnly: boolean): void;
    };
    pool.findOrCreate({ host: node?.options.host, port: node?.options.port }, false);
    near.put(ticket, { value: 'old', meta: undefined, tagKeys: [], ttlMs: Infinity });
    expect([near.get(`${prefix}:b`), near.get(name)]).toEqual([undefined, undefined]);
    await isOn(near);
  });
});

async function replicaOf(primary: ThrowawayServer | undefined): Promise<ThrowawayServer | undefined> {
  const id = String(await primary?.ask('CLUSTER', 'MYID'));
  const lines = String(await primary?.ask('CLUSTER', 'REPLICAS', id));
  const port = Number(/:(\d+)@/.exec(lines)?.[1]);
  return servers.nodes.find((node) => node.port === port);
}
