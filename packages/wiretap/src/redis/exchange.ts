import type { Exchange } from '../exchanges.ts';
import type { RedisEvent, RedisReply } from '../events.ts';
import type { Transaction } from './transactions.ts';

/** A Redis command that waits for its reply. */
export interface RedisExchange extends Exchange {
  event?: RedisEvent;
  name: string;
  argCount: number;
  transaction?: Transaction | undefined;
  /** Sent after MULTI, so that the store queues it instead of carrying it out. */
  isQueued: boolean;
  /** The confirmations a (un)subscribing command has got so far. */
  confirmations?: RedisReply[];
  /** How many it will get. */
  expected?: number;
}

export function isErrorReply(value: RedisReply): value is { error: string } {
  return typeof value === 'object' && value !== null && 'error' in value;
}
