// Another right way: the library of this repository says with each answer how it was come by; the figures and the
// alarms are those of the solution.
import { createCache } from '@workshop/cache';
import { Redis } from 'ioredis';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver } from '../../shared/store-over.ts';
import { createMonitor } from '../solution/monitor.ts';
import { timed, type Operation, type Outcome } from '../solution/watch.ts';

const operations: Record<string, Operation> = { search: 'search', id: 'byId', readers: 'readers' };
const outcomes: Record<string, Outcome> = { hit: 'hit', miss: 'miss', bypass: 'error' };

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const monitor = createMonitor();
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 0, commandTimeout: 400 });
  redis.on('error', () => {});
  const cache = createCache({ redis: redisUrl, prefix: 'v', timeoutMs: 400 });
  const store = storeOver(mysqlUrl, {
    async getOrLoad(key, tags, load) {
      const operation = operations[key.split(':')[1] ?? ''] ?? 'search';
      let outcome: Outcome = 'error';
      const query = async () =>
        await timed(load, (seconds, failed) => monitor.watch.load(operation, seconds, failed));
      const read = async () => {
        const answer = await cache.getOrLoadWithOutcome(key, query, { ttlMs: 60_000, jitter: 0.1, tags });
        outcome = outcomes[answer.outcome] ?? 'error';
        return answer.value;
      };
      return await timed(read, (seconds) => monitor.watch.read(operation, outcome, seconds));
    },
    invalidate: async (tags) => void (await cache.invalidateTags(tags)),
    async close() {
      redis.disconnect();
      await cache.close();
    },
  });
  const info = async () => await redis.info();
  return {
    ...store,
    metrics: async () => await monitor.metrics(info),
    alarms: async () => await monitor.alarms(info),
  };
}
