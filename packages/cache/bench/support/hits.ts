import { testKeyPrefix } from '@workshop/engines/test-space';
import type { Cluster, Redis } from 'ioredis';
import { article } from './articles.ts';
import type { Contestant } from './contest.ts';
import type { OpenPeer } from './peers/peer.ts';
import { PEER_TTL_MS } from './peers/peer.ts';
import { connectTo } from './place.ts';

const KEYS = 1_000;
/** Made once: what is measured is reading, not the making of strings. */
const keys = Array.from({ length: KEYS }, (_, id) => `article:${id}`);
const keyOf = (turn: number): string => keys[turn % KEYS]!;

/**
 * Runs `measure` with contestants that read 1,000 keys of 1 KB, all in Redis already: `caches` by name, and besides them ioredis
 * by hand as `raw` and `raw auto-pipelined`.
 */
export async function withHits<T>(
  redisUrl: string,
  caches: Record<string, OpenPeer>,
  measure: (contestants: Contestant[]) => Promise<T>,
): Promise<T> {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const contestants: Contestant[] = [];
    for (const autoPipelined of [false, true]) {
      const redis = connectTo({ url: redisUrl }, { autoPipelined });
      closers.push(async () => redis.disconnect());
      const prefix = testKeyPrefix();
      await forEachKey((key, id) => redis.set(prefix + key, JSON.stringify(article(id)), 'PX', PEER_TTL_MS));
      contestants.push({ name: autoPipelined ? 'raw auto-pipelined' : 'raw', read: rawRead(redis, prefix) });
    }
    for (const [name, open] of Object.entries(caches)) {
      const cache = await open({ url: redisUrl }, testKeyPrefix().replace(/:$/, ''));
      closers.push(() => cache.close());
      await forEachKey((key, id) => cache.getOrLoad(key, async () => article(id)));
      contestants.push({ name, read: (turn) => cache.getOrLoad(keyOf(turn), notAHit) });
    }
    return await measure(contestants);
  } finally {
    await Promise.all(closers.map((close) => close()));
  }
}

/** By a few at a time: a thousand at once would wait longer than a cache gives Redis. */
async function forEachKey(fill: (key: string, id: number) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < KEYS; first += 50)
    await Promise.all(Array.from({ length: 50 }, (_, place) => fill(keyOf(first + place), first + place)));
}

function rawRead(redis: Redis | Cluster, prefix: string) {
  const names = keys.map((key) => prefix + key);
  return async (turn: number): Promise<unknown> => {
    const text = await redis.get(names[turn % KEYS]!);
    if (text === null) throw new Error('A key of the bench has left Redis.');
    return JSON.parse(text);
  };
}

const notAHit = async (): Promise<never> => {
  throw new Error('A key of the bench has left Redis.');
};
