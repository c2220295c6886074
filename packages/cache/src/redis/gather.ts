import calculateSlot from 'cluster-key-slot';
import type { RedisClient } from './client.ts';
import type { RedisLink } from './link.ts';
import { unwrap } from './link.ts';

/** A stored value's bytes and the time it has left; `ttlMs` is undefined for a key that never expires, and if not asked for. */
export interface Stored {
  readonly bytes: Buffer;
  readonly ttlMs: number | undefined;
}

/** A promise and its handles. */
class Waiting {
  resolve: (stored: Stored | null) => void = unset;
  reject: (error: unknown) => void = unset;
  wantsTtl: boolean;
  readonly reply = new Promise<Stored | null>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor(wantsTtl: boolean) {
    this.wantsTtl = wantsTtl;
  }
}

function unset(): void {}

/** Above this, one MGET would hold up the server's other clients for no further gain. */
const MAX_KEYS = 256;

/**
 * Gathers the reads of one turn of the event loop into one MGET: Redis and both ends of the connection do most of their work by the command,
 * not by the key. On a cluster, where a command may only name keys of one slot, into one for each slot.
 *
 * A key that is asked for several times in a turn is sent once. Reads reject with `CacheRedisError` and with nothing else.
 */
export class ReadGather {
  readonly #link: RedisLink;
  readonly #isCluster: boolean;
  #waiting = new Map<string, Waiting>();

  constructor(link: RedisLink) {
    this.#link = link;
    this.#isCluster = link.client.isCluster;
  }

  /** What stands under a key. Asking for its TTL as well costs a second command, but no further round trip. */
  read(key: string, wantsTtl = false): Promise<Stored | null> {
    const known = this.#waiting.get(key);
    if (known !== undefined) {
      known.wantsTtl ||= wantsTtl;
      return known.reply;
    }
    // A `nextTick` asked for among microtasks runs after the last of them: all readers that one reply woke are here by then.
    if (this.#waiting.size === 0) process.nextTick(() => this.#flush());
    const entry = new Waiting(wantsTtl);
    this.#waiting.set(key, entry);
    return entry.reply;
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const keys of this.#groups([...waiting.keys()])) {
      void this.#send(
        keys,
        keys.map((key) => waiting.get(key)).filter((entry) => entry !== undefined),
      );
    }
  }

  #groups(keys: string[]): string[][] {
    if (!this.#isCluster) {
      if (keys.length <= MAX_KEYS) return [keys];
      return Array.from({ length: Math.ceil(keys.length / MAX_KEYS) }, (_, index) =>
        keys.slice(index * MAX_KEYS, (index + 1) * MAX_KEYS),
      );
    }
    const bySlot = new Map<number, string[]>();
    for (const key of keys) {
      const slot = calculateSlot(key);
      const group = bySlot.get(slot);
      if (group === undefined) bySlot.set(slot, [key]);
      else group.push(key);
    }
    return [...bySlot.values()];
  }

  async #send(keys: string[], waiting: Waiting[]): Promise<void> {
    try {
      const wantsTtl = waiting.some((entry) => entry.wantsTtl);
      const [only] = keys;
      if (wantsTtl) {
        const stored = await this.#link.run(keys.length === 1 ? 'GET' : 'MGET', (client) =>
          withTtls(client, keys),
        );
        waiting.forEach((entry, index) => entry.resolve(stored[index] ?? null));
      } else if (keys.length === 1 && only !== undefined) {
        const bytes = await this.#link.run('GET', (client) => client.getBuffer(only));
        waiting[0]?.resolve(bytes && { bytes, ttlMs: undefined });
      } else {
        const values = await this.#link.run('MGET', (client) => client.mgetBuffer(keys));
        for (let index = 0; index < waiting.length; index++) {
          const bytes = values[index];
          waiting[index]?.resolve(bytes ? { bytes, ttlMs: undefined } : null);
        }
      }
    } catch (error) {
      for (const entry of waiting) entry.reject(error);
    }
  }
}

async function withTtls(client: RedisClient, keys: string[]): Promise<(Stored | null)[]> {
  const pipeline = client.pipeline();
  if (keys.length === 1) pipeline.getBuffer(keys[0] ?? '');
  else pipeline.mgetBuffer(keys);
  for (const key of keys) pipeline.pttl(key);
  const [first, ...ttls] = unwrap(await pipeline.exec());
  const values = Array.isArray(first) ? first : [first];
  return ttls.map((ttl, index) => {
    const bytes: unknown = values[index];
    // -1 says "no expiry", -2 that the key expired between the two commands.
    return Buffer.isBuffer(bytes)
      ? { bytes, ttlMs: ttl === -1 ? undefined : Math.max(0, Number(ttl)) }
      : null;
  });
}
