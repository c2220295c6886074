import { setTimeout as delay } from 'node:timers/promises';
import { createRedisTap } from '@workshop/wiretap';
import type { Failure } from './failure.ts';

const READS = 10;
/** A page that waits for so long for its cache is as good as failed. */
const LIMIT_MS = 5_000;

/** Redis goes away, the database is well: reads that throw, or get no answer within 5 s. */
export const readsWithoutRedis: Failure = {
  title: `${READS} reads without Redis`,
  wanted: 0,
  async see({ open }, { redisUrl, prefix }) {
    const { hostname, port } = new URL(redisUrl);
    const tap = await createRedisTap({ upstream: { host: hostname, port: Number(port) } });
    try {
      const cache = await open({ url: tap.url(redisUrl) }, prefix);
      try {
        await cache.getOrLoad('before', async () => 'loaded');
        tap.weather.refuse();
        const reads = Array.from({ length: READS }, (_, id) =>
          isAnswered(cache.getOrLoad(`article:${id}`, load)),
        );
        return (await Promise.all(reads)).filter((answered) => !answered).length;
      } finally {
        await cache.close();
      }
    } finally {
      await tap.close();
    }
  },
};

const load = async (): Promise<string> => 'loaded';

async function isAnswered(read: Promise<unknown>): Promise<boolean> {
  const limit = new AbortController();
  try {
    return await Promise.race([
      read.then(
        (value) => value === 'loaded',
        () => false,
      ),
      delay(LIMIT_MS, false, { signal: limit.signal }),
    ]);
  } finally {
    limit.abort();
  }
}
