import { setTimeout as delay } from 'node:timers/promises';
import type { Failure } from './failure.ts';

const CALLERS = 50;

/** A load that fails, awaited by 50 callers: the database in trouble is to be asked once, not by each in turn. */
export const failingLoad: Failure = {
  title: `failing loads for ${CALLERS}`,
  wanted: 1,
  async see({ open }, { redisUrl, prefix }) {
    const cache = await open({ url: redisUrl }, prefix);
    try {
      let loads = 0;
      const load = async (): Promise<never> => {
        loads += 1;
        await delay(20);
        throw new Error('The database is down.');
      };
      await Promise.allSettled(Array.from({ length: CALLERS }, () => cache.getOrLoad('article', load)));
      return loads;
    } finally {
      await cache.close();
    }
  },
};
