import type { RedisReply } from '../events.ts';

type Sort = 'channels' | 'patterns' | 'shards';

const SORT_OF: Record<string, Sort> = {
  SUBSCRIBE: 'channels',
  UNSUBSCRIBE: 'channels',
  PSUBSCRIBE: 'patterns',
  PUNSUBSCRIBE: 'patterns',
  SSUBSCRIBE: 'shards',
  SUNSUBSCRIBE: 'shards',
};
const MESSAGES = new Set(['message', 'pmessage', 'smessage']);

/** What a connection is subscribed to, learnt from the confirmations it gets. */
export class Subscriptions {
  readonly #names: Record<Sort, Set<string>> = {
    channels: new Set(),
    patterns: new Set(),
    shards: new Set(),
  };

  get isEmpty(): boolean {
    const { channels, patterns, shards } = this.#names;
    return channels.size + patterns.size + shards.size === 0;
  }

  /** How many confirmations the command will get: one for each name; with none given, one for each there is. */
  expected(command: string, argCount: number): number {
    if (argCount > 0) return argCount;
    return Math.max(1, this.#names[SORT_OF[command]!].size);
  }

  confirm(command: string, value: RedisReply): void {
    const name = Array.isArray(value) ? value[1] : undefined;
    if (!(name instanceof Buffer)) return;
    const names = this.#names[SORT_OF[command]!];
    if (command.includes('UNSUB')) names.delete(name.toString('latin1'));
    else names.add(name.toString('latin1'));
  }

  clear(): void {
    for (const names of Object.values(this.#names)) names.clear();
  }
}

export function isSubscription(command: string): boolean {
  return command in SORT_OF;
}

/** The sort of a push or a pub/sub array: its first word, such as `message`, `subscribe`, `invalidate`. */
export function sortOf(value: RedisReply): string | undefined {
  const first = Array.isArray(value) ? value[0] : undefined;
  return first instanceof Buffer || typeof first === 'string' ? first.toString() : undefined;
}

export function isMessage(value: RedisReply): boolean {
  return MESSAGES.has(sortOf(value) ?? '');
}
