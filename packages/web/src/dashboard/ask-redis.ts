import type { RedisClient } from '@workshop/cache';
import type { Redis } from 'ioredis';
import { KeySurvey } from './key-survey.ts';
import type { RedisFigures } from './sources.ts';

export interface AskRedisOptions {
  /** The beginning of the cache's keys without the last colon: they are told apart by the word after it. Default: by their first word. */
  readonly keyPrefix?: string | undefined;
}

/** Asks Redis, or each primary of a cluster, for its memory, evictions and clients, and looks at some of its keys. */
export function createAskRedis(
  client: RedisClient,
  { keyPrefix }: AskRedisOptions = {},
): (signal: AbortSignal) => Promise<RedisFigures> {
  const survey = new KeySurvey(keyPrefix);
  return async (signal) => {
    const nodes = 'nodes' in client ? client.nodes('master') : [client];
    if (nodes.length === 0) throw new Error('Redis: no primary is known.');
    const infos = await Promise.all(nodes.map(infoOf));
    const sum = (name: keyof NodeInfo) => infos.reduce((total, info) => total + info[name], 0);
    return {
      usedMemoryBytes: sum('usedMemoryBytes'),
      maxMemoryBytes: sum('maxMemoryBytes'),
      evictedKeys: sum('evictedKeys'),
      connectedClients: sum('connectedClients'),
      keys: await survey.step(nodes, sum('keys'), signal),
    };
  };
}

interface NodeInfo {
  readonly usedMemoryBytes: number;
  readonly maxMemoryBytes: number;
  readonly evictedKeys: number;
  readonly connectedClients: number;
  readonly keys: number;
}

async function infoOf(node: Redis): Promise<NodeInfo> {
  // Section by section: servers before Redis 7 take only one, and all of them would be three times as long.
  const replies = await node.pipeline().info('memory').info('stats').info('clients').dbsize().exec();
  const texts = (replies ?? []).map(([error, reply]) => {
    if (error) throw error;
    return String(reply);
  });
  const field = (name: string) => {
    for (const text of texts) {
      const value = new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1];
      if (value !== undefined) return Number(value);
    }
    return 0;
  };
  return {
    usedMemoryBytes: field('used_memory'),
    maxMemoryBytes: field('maxmemory'),
    evictedKeys: field('evicted_keys'),
    connectedClients: field('connected_clients'),
    keys: Number(texts[3]),
  };
}
