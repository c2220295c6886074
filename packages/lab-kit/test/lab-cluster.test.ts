import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOwnCluster } from '../src/cluster-space.ts';
import type { ClusterNode, LabCluster } from '../src/lab-cluster.ts';
import type { RedisPlace } from '../src/redis-side.ts';

let place: RedisPlace;
let cluster: LabCluster;

beforeAll(async () => {
  place = await startOwnCluster();
  cluster = place.cluster!;
}, 60_000);

afterAll(async () => await place.release());

/** The node that has the key now. */
async function holder(key: string): Promise<ClusterNode> {
  const held = (await cluster.keys()).find(({ keys }) => keys.includes(key));
  if (!held) throw new Error(`no primary has ${key}`);
  return held.node;
}

async function replicaOf(primary: ClusterNode): Promise<ClusterNode> {
  const replica = (await cluster.nodes()).find(({ primaryId }) => primaryId === primary.id);
  if (!replica) throw new Error('no replica');
  return replica;
}

/** From a replica, as it has it. */
async function copyIn({ server }: ClusterNode, key: string): Promise<string | null> {
  const redis = new Redis(server.url, { readOnly: true });
  try {
    return await redis.get(key);
  } finally {
    redis.disconnect();
  }
}

test('has three primaries and a replica of each', async () => {
  const nodes = await cluster.nodes();
  const primaries = nodes.filter(({ role }) => role === 'primary').map(({ id }) => id);
  const followed = nodes.flatMap(({ primaryId }) => primaryId ?? []);
  expect(primaries).toHaveLength(3);
  expect(followed.toSorted()).toEqual(primaries.toSorted());
});

test('moves the slot of a key to another node, and counts what nodes were asked', async () => {
  await place.redis.set('moving', '1');
  const from = await holder('moving');
  const to = (await cluster.primaries()).find(({ id }) => id !== from.id)!;
  await cluster.resetCounts();
  let midway = '';
  await cluster.move(['moving'], from, to, async () => {
    midway = (await from.server.ask('GET', 'moving').catch(String)) as string;
  });
  expect(midway).toContain(`ASK`);
  expect((await holder('moving')).id).toBe(to.id);
  await expect(from.server.ask('GET', 'moving')).rejects.toThrow('MOVED');
  const errors = (await cluster.counts()).flatMap((node) => [...node.errors.keys()]);
  expect(errors).toEqual(expect.arrayContaining(['ASK', 'MOVED']));
  expect(await place.renew(false)).toBe(false);
});

test('holds replication until the next check', { timeout: 60_000 }, async () => {
  await place.redis.set('kept', 'before');
  const replica = await replicaOf(await holder('kept'));
  await cluster.untilReplicated();
  await cluster.holdReplication();
  await place.redis.set('kept', 'after');
  expect(await copyIn(replica, 'kept')).toBe('before');
  expect(await place.renew(false)).toBe(false);
  await place.redis.set('kept', 'again');
  await cluster.untilReplicated();
  expect(await copyIn(replica, 'kept')).toBe('again');
});

test.for(['kill', 'hang'] as const)(
  '%s: a replica takes over, and all is whole again for the next check',
  { timeout: 60_000 },
  async (how) => {
    await place.redis.set('left', 'behind');
    await cluster.untilReplicated();
    const primary = await holder('left');
    const replica = await replicaOf(primary);
    await cluster[how](primary);
    await cluster.takeOver(primary);
    expect((await holder('left')).id).toBe(replica.id);
    expect(await place.renew(false)).toBe(false);
    expect(await cluster.nodes()).toHaveLength(6);
    expect((await cluster.keys()).flatMap(({ keys }) => keys)).toEqual([]);
    expect(await place.renew(false)).toBe(true);
  },
);
