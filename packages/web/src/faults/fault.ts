import type { BreakableRedis } from './breakable-redis.ts';

export type FaultName = 'stop' | 'slow' | 'hang' | 'fill' | 'evict' | 'expire';

export interface BreakContext {
  readonly redis: BreakableRedis;
  /** The key that the visitor named. */
  readonly key: string | undefined;
  /** Keys in Redis, the most asked for first. */
  readonly hotKeys: readonly string[];
}

/** One way in which Redis can fail, and the words for it. */
export interface Fault {
  readonly name: FaultName;
  /** What is wrong while it is on: "Redis is gone". Said in large type, and on the charts. */
  readonly title: string;
  /** What is done to Redis. */
  readonly does: string;
  /** What the room will see. */
  readonly effect: string;
  /** On its button. */
  readonly button: string;
  /**
   * Breaks Redis, and resolves once it is broken. Gives what mends it; or nothing, if it passes by itself. Whoever calls
   * need not trust the mending: a restart always helps.
   */
  readonly break: (context: BreakContext) => Promise<(() => Promise<void>) | undefined>;
}
