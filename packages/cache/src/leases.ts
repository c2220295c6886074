import { createHash, randomUUID } from 'node:crypto';
import { leaseOf } from './names.ts';
import { watchClient } from './redis/client.ts';
import type { Stored } from './redis/gather.ts';
import type { RedisLink } from './redis/link.ts';
import { claimScript, releaseScript, renewScript, runScript, storeScript } from './redis/scripts.ts';
import type { Stamps } from './tag-stamps.ts';
import { TurnShare } from './turn-share.ts';

/** What became of asking to be the one who loads. */
export type Claim =
  | { readonly state: 'granted'; readonly lease: string }
  /** Somebody is loading it, with the same stamps. */
  | { readonly state: 'held'; readonly lease: string }
  /** Somebody is loading it, with other stamps: older ones, if these are read anew and differ again. */
  | { readonly state: 'other'; readonly lease: string }
  /** There is a value by now. */
  | { readonly state: 'value'; readonly stored: Stored };

/** Who loads a key, and whether the load still counts. All methods reject with `CacheRedisError`. */
export interface Leases {
  /**
   * `seen` is the digest of the value that the caller has seen and cannot use, empty if there was none. `over` is a lease that was there before
   * the stamps were read, and that may be overwritten; empty for none. `ours` is the lease of the load
   * that this process already has under way.
   */
  claim(
    name: string,
    stamps: Stamps,
    seen: string,
    over: string,
    ours: string | undefined,
    limitMs: number,
  ): Promise<Claim>;
  /** Stores the value of a load that still counts; false when it does not. */
  store(
    name: string,
    lease: string,
    bytes: Buffer,
    keepMs: number,
    isWanted: () => boolean,
  ): Promise<boolean>;
  /** False when the load does not count any more. */
  renew(name: string, lease: string): Promise<boolean>;
  release(name: string, lease: string): Promise<void>;
  /** Tries again what Redis did not hear, because it seems to be back. */
  releaseAgain(): void;
  close(): void;
}

/** What tells a stored value from another; empty for none. Redis computes the same. */
export function digestOf(bytes: Buffer | undefined): string {
  return bytes === undefined ? '' : createHash('sha1').update(bytes).digest('hex');
}

/**
 * Leases as in Facebook's memcache (Nishtala and others, "Scaling Memcache at Facebook", NSDI 2013): a miss hands out one token for the key,
 * held in Redis; only who still holds it may store; an invalidation removes it together with the value.
 *
 * So across all processes one caller loads, and a value loaded before an invalidation is never stored after it. A
 * holder that dies holds nobody up for longer than `leaseMs`, since only the living renew.
 */
export class RedisLeases implements Leases {
  readonly #link: RedisLink;
  readonly #prefix: string;
  readonly #leaseMs: number;
  readonly #sharing = new TurnShare<Claim>();
  readonly #stopWatching: () => void;
  /** Leases of loads that are over, which Redis would not take back. In the order in which they end by themselves. */
  readonly #unreleased = new Map<string, { readonly name: string; readonly endsAt: number }>();

  constructor(link: RedisLink, prefix: string, leaseMs: number) {
    this.#link = link;
    this.#prefix = prefix;
    this.#leaseMs = leaseMs;
    this.#stopWatching = watchClient(link.client).onReady(() => this.releaseAgain());
  }

  claim(
    name: string,
    stamps: Stamps,
    seen: string,
    over: string,
    _ours: string | undefined,
    limitMs: number,
  ): Promise<Claim> {
    const written = JSON.stringify(stamps);
    return this.#sharing.run(`${name} ${written} ${seen} ${over}`, () =>
      this.#claim(name, `${randomUUID()} ${written}`, seen, over, limitMs),
    );
  }

  #claim(name: string, lease: string, seen: string, over: string, limitMs: number): Promise<Claim> {
    const keys = [name, leaseOf(name, this.#prefix)];
    return this.#link.run(
      'EVALSHA claim',
      async (client, trip) => {
        const args = [lease, this.#leaseMs, seen, over];
        const reply = await runScript(client, claimScript, keys, args, trip).catch((error: unknown) => {
          // The connection went with the answer: the lease may be ours, and nobody would load.
          if (!(error instanceof Error && error.name === 'ReplyError')) this.#giveBack(name, lease);
          throw error;
        });
        const claim = this.#takeOver(readClaim(reply, lease));
        // Granted after we stopped waiting for it: nobody would load, and all others would wait for the lease to end.
        if (!trip.isWanted && claim.state === 'granted') this.#giveBack(name, claim.lease);
        return claim;
      },
      { limitMs },
    );
  }

  async store(
    name: string,
    lease: string,
    bytes: Buffer,
    keepMs: number,
    isWanted: () => boolean,
  ): Promise<boolean> {
    const keys = [name, leaseOf(name, this.#prefix)];
    const reply = await this.#link.run('EVALSHA store', (client, trip) =>
      isWanted()
        ? runScript(client, storeScript, keys, [lease, bytes, keepMs], {
            get isWanted() {
              return trip.isWanted && isWanted();
            },
          })
        : Promise.resolve(0),
    );
    return reply === 1;
  }

  async renew(name: string, lease: string): Promise<boolean> {
    const keys = [leaseOf(name, this.#prefix)];
    const reply = await this.#link.run('EVALSHA renew', (client, trip) =>
      runScript(client, renewScript, keys, [lease, this.#leaseMs], trip),
    );
    return reply === 1;
  }

  async release(name: string, lease: string): Promise<void> {
    // Not while the command is on its way: whoever took the lease over would then have it taken away.
    this.#unreleased.delete(lease);
    const keys = [leaseOf(name, this.#prefix)];
    try {
      await this.#link.run(
        'EVALSHA release',
        (client) => runScript(client, releaseScript, keys, [lease], ALWAYS_WANTED),
        { isUrgent: true },
      );
    } catch (error) {
      this.#unreleased.set(lease, { name, endsAt: performance.now() + this.#leaseMs });
      throw error;
    }
  }

  releaseAgain(): void {
    for (const [lease, { name }] of this.#unreleased) this.#giveBack(name, lease);
  }

  close(): void {
    this.#stopWatching();
    this.#unreleased.clear();
  }

  /** A lease of this process that Redis has not taken back needs nobody here to wait for its end: who asks for it has it. */
  #takeOver(claim: Claim): Claim {
    const isOurs = claim.state === 'held' && this.#unreleased.delete(claim.lease);
    return isOurs ? { state: 'granted', lease: claim.lease } : claim;
  }

  #giveBack(name: string, lease: string): void {
    // Oldest first: those that have ended by themselves.
    for (const [old, { endsAt }] of this.#unreleased) {
      if (endsAt > performance.now()) break;
      this.#unreleased.delete(old);
    }
    this.release(name, lease).catch(ignore);
  }
}

/**
 * What is left without leases: loads are shared within the process only, and one that was overtaken by another process's invalidation is
 * stored all the same. For comparing, and for showing that the tests of leases find something.
 */
export class NoLeases implements Leases {
  readonly #link: RedisLink;
  readonly #sharing = new TurnShare<Claim>();

  constructor(link: RedisLink) {
    this.#link = link;
  }

  claim(
    name: string,
    _stamps: Stamps,
    _seen: string,
    _over: string,
    ours: string | undefined,
  ): Promise<Claim> {
    if (ours !== undefined) return Promise.resolve({ state: 'held', lease: ours });
    return this.#sharing.run(name, () => Promise.resolve({ state: 'granted', lease: randomUUID() }));
  }

  async store(
    name: string,
    _lease: string,
    bytes: Buffer,
    keepMs: number,
    isWanted: () => boolean,
  ): Promise<boolean> {
    const reply = await this.#link.run('SET', (client) =>
      isWanted() ? client.set(name, bytes, 'PX', keepMs) : Promise.resolve(null),
    );
    return reply !== null && isWanted();
  }

  renew(): Promise<boolean> {
    return Promise.resolve(true);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  releaseAgain(): void {}

  close(): void {}
}

/** For what does no harm when it comes late. */
const ALWAYS_WANTED = { isWanted: true };

function ignore(): void {}

function readClaim(reply: unknown, lease: string): Claim {
  const [state, first, second] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (state === 1 && Buffer.isBuffer(first)) {
    const ttlMs = Number(second);
    return { state: 'value', stored: { bytes: first, ttlMs: ttlMs < 0 ? undefined : ttlMs } };
  }
  if (state === 2) return { state: 'held', lease: String(first) };
  return state === 4 ? { state: 'other', lease: String(first) } : { state: 'granted', lease };
}
