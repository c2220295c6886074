import type { Redis } from 'ioredis';
import type { CacheRedisError } from '../errors.ts';
import { leaseOf } from '../names.ts';
import type { RedisClient } from '../redis/client.ts';
import { deepFreeze } from './deep-freeze.ts';
import type { NearEntry, Ticket } from './entries.ts';
import { Entries } from './entries.ts';
import { Tracking } from './tracking.ts';

export type { NearEntry, Ticket } from './entries.ts';

export interface NearCacheOptions {
  readonly client: RedisClient;
  /** The client that reads go through, if that is another. It must lead to one server, or to the same one each time. */
  readonly reader?: Redis | undefined;
  /** The cache's prefix, without the separator. */
  readonly prefix: string;
  readonly maxEntries: number;
  /** The longest that an entry is kept. In milliseconds. */
  readonly ttlMs: number;
  /** How often each tracking connection is tried. In milliseconds; longer than a round trip. */
  readonly heartbeatMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told when it goes on or off, and when it stays on but had to drop all it had. `flushed` is how many entries that were. */
  readonly onState: (state: 'on' | 'off', flushed: number) => void;
  /** Told once, until it is on again, why it cannot go on. */
  readonly onError: (error: CacheRedisError) => void;
}

/** A value to be kept. */
export interface NearValue {
  readonly value: unknown;
  readonly meta: unknown;
  /** The names in Redis of its tags' stamps. */
  readonly tagKeys: readonly string[];
  /** What is left of its TTL, in milliseconds; `Infinity` if it has none. */
  readonly ttlMs: number;
}

/**
 * Values in this process's memory, kept coherent with Redis by its client-side tracking: Redis tells of each key that changes, and what
 * was kept under it is dropped.
 *
 * It keeps to this: a value is served only while every server that reads go to vouches for its messages (see `Tracking`); when one
 * stops, everything is dropped, and nothing is kept until all of them do again. The message of a change comes a moment after the change. In
 * the process that makes the change, `drop` closes that gap: call it before the change is sent, and again when Redis has confirmed it, since
 * a read that began between the two may have brought the old value.
 */
export class NearCache {
  readonly #options: NearCacheOptions;
  readonly #entries: Entries;
  readonly #tracking: Tracking;
  readonly #leasePrefix: string;
  #isOn = false;

  constructor(options: NearCacheOptions) {
    const { client, reader, prefix, maxEntries, heartbeatMs, now, onError } = options;
    this.#options = options;
    this.#leasePrefix = leaseOf('', prefix).slice(0, -1);
    this.#entries = new Entries(maxEntries, now);
    this.#tracking = new Tracking({
      client,
      reader,
      keyPrefix: `${prefix}:`,
      heartbeatMs,
      onChanged: (names) => this.#dropChanged(names),
      onGap: () => this.flush(),
      onError,
    });
  }

  /** While false, `get` gives undefined, and what `put` is given is not kept. */
  get isOn(): boolean {
    return performance.now() < this.#tracking.trustedUntil;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is kept under the whole name of a key in Redis. Never past its time. */
  get(name: string): NearEntry | undefined {
    return this.getByKey(this.#keyOf(name));
  }

  /** The same by what follows the prefix: joining the two would cost a near hit a third of its time. */
  getByKey(key: string): NearEntry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.isOn ? entry : undefined;
  }

  /** To be called before a read of this name is sent to Redis. A ticket that is never given back costs nothing. */
  begin(name: string): Ticket {
    return this.#entries.begin(this.#keyOf(name));
  }

  /**
   * Keeps what the read brought, unless its name or one of its tags was invalidated since the ticket was handed out, or tracking was
   * interrupted. The value's plain objects and arrays are frozen, all the way down, since every reader gets this one.
   */
  put(ticket: Ticket, { value, meta, tagKeys, ttlMs }: NearValue): void {
    this.#tracking.recheck();
    const tags = tagKeys.map((name) => this.#keyOf(name));
    if (!this.isOn || !this.#entries.isValid(ticket, tags)) return;
    deepFreeze(value);
    this.#entries.put(ticket, value, meta, tags, Math.min(ttlMs, this.#options.ttlMs));
  }

  /** Drops what is kept under this name, or will be by a read that is under way. */
  drop(name: string): void {
    this.#entries.drop(this.#keyOf(name));
  }

  /** The same for all that carries the tag. `tagKey` is the name of its stamp in Redis. */
  dropTag(tagKey: string): void {
    this.#entries.drop(this.#keyOf(tagKey));
  }

  /** Drops all there is, and all that is under way. */
  flush(): void {
    const flushed = this.#entries.flush();
    const { isOn } = this.#tracking;
    if (isOn === this.#isOn && flushed === 0) return;
    this.#isOn = isOn;
    this.#options.onState(isOn ? 'on' : 'off', flushed);
  }

  /** Ends the tracking; resolves once its connections are closed. */
  async close(): Promise<void> {
    await this.#tracking.close();
  }

  #dropChanged(names: readonly Buffer[]): void {
    for (const bytes of names) {
      const name = bytes.toString();
      // Every load takes a lease and gives it back. Nothing is ever kept under its name.
      if (!name.startsWith(this.#leasePrefix)) this.#entries.drop(this.#keyOf(name));
    }
  }

  /** Entries go by what follows the prefix. */
  #keyOf(name: string): string {
    return name.slice(this.#options.prefix.length + 1);
  }
}
