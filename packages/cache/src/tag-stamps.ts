import { randomUUID } from 'node:crypto';
import type { Plan } from './load-options.ts';
import type { Names } from './names.ts';
import type { RedisLink } from './redis/link.ts';
import { runScript, stampScript } from './redis/scripts.ts';
import { TurnShare } from './turn-share.ts';

/** Tags and the stamp that each has. */
export type Stamps = Readonly<Record<string, string>>;

export const NO_STAMPS: Stamps = {};

/**
 * Tags by generation stamps: an entry carries the stamps that its tags had before its load began, and is good as long as they still have
 * them. Invalidating a tag removes its stamp, whatever number of entries it has; the next load makes a new one. A stamp is
 * random and never comes again, so one that Redis evicted takes its entries along rather than bringing old ones back.
 */
export class TagStamps {
  readonly #link: RedisLink;
  readonly #names: Names;
  readonly #sharing = new TurnShare<string>();

  constructor(link: RedisLink, names: Names) {
    this.#link = link;
    this.#names = names;
  }

  /** The stamps as they are now, made where there are none, and kept for at least `keepMs`. Rejects with `CacheRedisError`. */
  async ensure(tags: readonly string[], keepMs: number, limitMs: number): Promise<Stamps> {
    if (tags.length === 0) return NO_STAMPS;
    // Sorted, because a lease compares them as one text.
    const sorted = [...new Set(tags)].toSorted();
    const stamps = await Promise.all(sorted.map((tag) => this.#ensureOne(tag, keepMs, limitMs)));
    return Object.fromEntries(sorted.map((tag, index) => [tag, stamps[index] ?? '']));
  }

  #ensureOne(tag: string, keepMs: number, limitMs: number): Promise<string> {
    return this.#sharing.run(`${tag} ${keepMs}`, async () => {
      const reply = await this.#link.run(
        'EVALSHA stamp',
        (client, trip) =>
          runScript(client, stampScript, [this.#names.tag(tag)], [randomUUID(), Math.ceil(keepMs)], trip),
        { limitMs },
      );
      return String(reply);
    });
  }
}

/** Whether an entry carries a stamp of each of these tags. */
export function carriesAll(stamps: Stamps | undefined, tags: readonly string[]): boolean {
  return tags.every((tag) => stamps !== undefined && Object.hasOwn(stamps, tag));
}

/** Whether an entry that carries `stamps` is still good. `now` has every tag of the entry; undefined where there is no stamp. */
export function areCurrent(stamps: Stamps, now: ReadonlyMap<string, string | undefined>): boolean {
  return Object.entries(stamps).every(([tag, stamp]) => now.get(tag) === stamp);
}

/** A stamp whose entries' TTL is not known before they are loaded is kept this long at first. */
const UNKNOWN_TTL_MS = 3_600_000;

/** What a load may take; a stamp that ends before its load does is no harm, only a miss. */
const LOAD_ALLOWANCE_MS = 60_000;

/** How long a stamp is kept from when a load begins: as long as what is loaded, and the load itself. In milliseconds. */
export function stampMs(plan: Plan): number {
  const ttlMs = typeof plan.ttlMs === 'number' ? Math.max(plan.ttlMs, plan.absentTtlMs ?? 0) : UNKNOWN_TTL_MS;
  return ttlMs + Math.max(plan.swrMs, plan.sieMs) + LOAD_ALLOWANCE_MS;
}
