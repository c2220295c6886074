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

  /** @returns undefined when Redis can't be asked */
  async look(ask: () => Promise<string>): Promise<RedisInfo | undefined> {
    const text = await ask().catch(() => undefined);
    if (text === undefined) return undefined;
    const info = parse(text);
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
