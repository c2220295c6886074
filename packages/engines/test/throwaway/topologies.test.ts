import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  throwawayCluster,
  throwawayReplicaSet,
  type ThrowawayCluster,
  type ThrowawayReplicaSet,
} from '../../src/throwaway/index.ts';
import { until } from '../support.ts';

describe('a throwaway replica set', () => {
  let set: ThrowawayReplicaSet;
  beforeAll(async () => {
    set = await throwawayReplicaSet({ replicas: 2 });
  });
  afterAll(() => set.stop());

  test('has what the primary has, and refuses writes', async () => {
    await set.primary.ask('SET', 'key', 'value');
    expect(set.replicas).toHaveLength(2);
    for (const replica of set.replicas) {
      await until(async () => (await replica.ask('GET', 'key')) === 'value');
      await expect(replica.ask('SET', 'key', 'other')).rejects.toThrow('READONLY');
    }
    expect(String(await set.primary.ask('INFO', 'replication'))).toContain('connected_slaves:2');
  });

  test('follows its primary again after that one was killed and started, empty', async () => {
    await set.primary.kill('SIGKILL');
    await set.primary.restart();
    await until(async () => (await set.replicas[0]!.ask('EXISTS', 'key')) === 0);
    await set.whenInSync();
  });
});

describe('a throwaway cluster', () => {
  let cluster: ThrowawayCluster;
  beforeAll(async () => {
    cluster = await throwawayCluster({ primaries: 3, nodeTimeoutMs: 1_000 });
  });
  afterAll(() => cluster.stop());

  test('serves every slot, and puts a replica in the place of a primary that was killed', async () => {
    const { password } = cluster;
    const client = new Cluster([{ host: '127.0.0.1', port: cluster.nodes[0]!.port }], {
      redisOptions: { password },
    });
    try {
      const keys = Array.from({ length: 50 }, (_, index) => `key:${index}`);
      for (const key of keys) await client.set(key, key);
      const before = (await cluster.primaryOf('key:1'))!;
      expect(cluster.nodes.slice(0, 3)).toContain(before);
      // A replica that has not yet got the value would be right to lose it.
      expect(await client.wait(1, 0)).toBeGreaterThanOrEqual(1);

      await before.kill('SIGKILL');
      // Asked once: until all nodes agree on it, a second answer may be none again.
      let after: typeof before | undefined;
      await until(async () => {
        after = await cluster.primaryOf('key:1');
        return after !== undefined && after !== before;
      });
      expect(cluster.nodes.slice(3)).toContain(after);

      await before.restart();
      await cluster.whenWhole();
      expect(String(await before.ask('ROLE'))).toMatch(/^slave/);
      for (const key of keys) expect(await client.get(key)).toBe(key);
    } finally {
      client.disconnect();
    }
  });
});
