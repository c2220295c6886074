import { expect, it, onTestFinished } from 'vitest';
import { createCache } from '../../src/index.ts';
import { testPrefix } from '../support.ts';
import { makeClients } from './clients.ts';
import { describeContract } from './suite.ts';
import { redisCluster } from './topologies.ts';

describeContract('a Redis Cluster', redisCluster, (topology) => {
  it('can have an invalidation wait for the replica of its primary', async () => {
    const clients = makeClients(topology().connection);
    const prefix = testPrefix();
    // Each primary has one replica, so that two can never confirm.
    const [reachable, beyond] = [1, 2].map((count) =>
      createCache({ ...clients.options, prefix, timeoutMs: count === 1 ? 10_000 : 500, replicas: { count } }),
    );
    onTestFinished(async () => {
      await Promise.all([reachable?.close(), beyond?.close()]);
      clients.close();
    });
    for (const key of ['a', 'b', 'c', 'd']) {
      expect(await reachable?.set(key, key, { ttlMs: 60_000 })).toBe(true);
      expect(await reachable?.invalidate(key)).toBe(true);
    }
    expect(await beyond?.invalidate('a')).toBe(false);
  });
});
