import { LRUCache } from 'lru-cache';
import { listenForChanges } from './changes.ts';

/** The memory of a process is small, and every process has its own copy. */
const mostEntries = 500;
/** However long an answer lives in Redis: should a message be lost without a sign, it is missed for no longer, ms. */
const mostMs = 10_000;

/** What this process has read lately. It is empty while Redis does not tell of changes. */
export interface Near {
  /** A copy, which is the caller's own. */
  get(key: string): unknown;
  /** To be taken before a read of Redis, and given with what was read. */
  mark(): number;
  /** Keeps what was read after `mark`, unless anything has changed since: then it may have been read before the change. */
  set(key: string, value: unknown, lifeMs: number, mark: number): void;
  /** This process has changed them: it need not wait to be told. */
  drop(keys: readonly string[]): void;
  close(): void;
}

/** @param prefix changes of keys that begin with it are listened for */
export function createNear(redisUrl: string, prefix: string): Near {
  const entries = new LRUCache<string, { value: unknown }>({ max: mostEntries, ttl: mostMs });
  let changes = 0;
  let isListening = false;

  const drop = (keys: readonly string[]) => {
    changes++;
    for (const key of keys) entries.delete(key);
  };
  const clear = () => {
    changes++;
    entries.clear();
  };
  const stop = listenForChanges(redisUrl, prefix, {
    changed: drop,
    // What changed before the first word, or after the last one, has not been heard of.
    turned(on) {
      isListening = on;
      clear();
    },
  });

  return {
    get: (key) => structuredClone(entries.get(key)?.value),
    mark: () => changes,
    set(key, value, lifeMs, mark) {
      if (!isListening || mark !== changes || lifeMs <= 0) return;
      entries.set(key, { value: structuredClone(value) }, { ttl: Math.min(lifeMs, mostMs) });
    },
    drop,
    close: stop,
  };
}
