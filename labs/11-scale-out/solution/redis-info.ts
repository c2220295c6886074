import { windowMs } from './recent.ts';

/** What is taken from INFO. All of it is counted by Redis since it started, but for the memory. */
export interface RedisInfo {
  usedBytes: number;
  /** 0: no limit. */
  maxBytes: number;
  evictedKeys: number;
  keyspaceHits: number;
  keyspaceMisses: number;
}

/** Redis as it is now, and how many keys it evicted in the last minute. */
export class RedisWatch {
  /** What `evicted_keys` was, as often as somebody asked. */
  #samples: { at: number; evictedKeys: number }[] = [];

  /** @param ask every primary. @returns undefined when one of them can't be asked */
  async look(ask: () => Promise<string[]>): Promise<RedisInfo | undefined> {
    const texts = await ask().catch(() => []);
    if (texts.length === 0) return undefined;
    const info = together(texts.map(parse));
    const { evictedKeys } = info;
    // Fewer than before: Redis has started anew, and counts from 0.
    if (evictedKeys < (this.#samples.at(-1)?.evictedKeys ?? 0)) this.#samples = [{ at: 0, evictedKeys: 0 }];
    const now = performance.now();
    // Of those before the window the last is kept: what has been added since, was added in the window.
    const from = this.#samples.findLastIndex(({ at }) => at < now - windowMs);
    this.#samples = [...this.#samples.slice(Math.max(0, from)), { at: now, evictedKeys }];
    return info;
  }

  /** In the last minute, as far as it was looked. */
  get recentEvictions(): number {
    return (this.#samples.at(-1)?.evictedKeys ?? 0) - (this.#samples[0]?.evictedKeys ?? 0);
  }
}

/** The nodes as one: what they counted is added up, and their memory is that of the fullest, which evicts first. */
function together(nodes: readonly RedisInfo[]): RedisInfo {
  const part = ({ usedBytes, maxBytes }: RedisInfo) => (maxBytes > 0 ? usedBytes / maxBytes : 0);
  const fullest = nodes.reduce((most, node) => (part(node) > part(most) ? node : most));
  const sum = (figure: keyof RedisInfo) => nodes.reduce((total, node) => total + node[figure], 0);
  return {
    ...fullest,
    evictedKeys: sum('evictedKeys'),
    keyspaceHits: sum('keyspaceHits'),
    keyspaceMisses: sum('keyspaceMisses'),
  };
}

/** INFO is lines of `name:value`, under headings that begin with #. */
function parse(text: string): RedisInfo {
  const values = new Map(text.split('\r\n').map((line) => line.split(':', 2) as [string, string]));
  const number = (name: string) => Number(values.get(name) ?? 0);
  return {
    usedBytes: number('used_memory'),
    maxBytes: number('maxmemory'),
    evictedKeys: number('evicted_keys'),
    keyspaceHits: number('keyspace_hits'),
    keyspaceMisses: number('keyspace_misses'),
  };
}
