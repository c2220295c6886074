import type { Alarm } from '../../contract.ts';
import { judge } from './alarms.ts';
import { createMetrics } from './metrics.ts';
import { Recent } from './recent.ts';
import { RedisWatch } from './redis-info.ts';
import type { Watch } from './watch.ts';

/** All that is measured of one store. */
export interface Monitor {
  /** To be told of all that the cache does. */
  watch: Watch;
  /** @param info asks Redis what it says of itself */
  metrics(info: () => Promise<string>): Promise<string>;
  alarms(info: () => Promise<string>): Promise<Alarm[]>;
}

export function createMonitor(): Monitor {
  const recent = new Recent();
  const metrics = createMetrics(recent);
  const redis = new RedisWatch();

  return {
    watch: {
      read(operation, outcome, seconds) {
        metrics.read(operation, outcome, seconds);
        // An error is a read that MySQL had to answer: whatever else it is, it is no hit.
        recent.countRead(outcome === 'hit');
      },
      load(operation, seconds, failed) {
        metrics.load(operation, seconds, failed);
        recent.countLoad(seconds);
      },
    },

    async metrics(info) {
      return await metrics.text(await redis.look(info));
    },

    async alarms(info) {
      const now = await redis.look(info);
      return judge(recent, now, redis.recentEvictions);
    },
  };
}
