import { LRUCache } from 'lru-cache';
import { InvalidationLog } from './invalidation-log.ts';

/** A value that this process keeps. It is shared by all who read it, so nobody may change it. */
export interface NearEntry {
  readonly value: unknown;
  /** What the core wants to know of it. */
  readonly meta: unknown;
  /** Past this it is not served, by the injected clock: epoch milliseconds. */
  readonly expiresAt: number;
}

/** Handed out before a read of Redis is sent, and given back with what it brought. */
export interface Ticket {
  readonly name: string;
  /** When the read began, by the injected clock: epoch milliseconds. */
  readonly beganAt: number;
  /** The log's position then. */
  readonly position: number;
}

/** One for all entries that carry the tag, so that dropping them costs the same for ten and for a hundred thousand. */
interface Tag {
  readonly key: string;
  isLive: boolean;
  entries: number;
}

interface Kept extends NearEntry {
  readonly tags: readonly Tag[];
}

const NO_TAGS: readonly Tag[] = [];

/** `get` of lru-cache writes into its options and makes new ones when it is given none. */
const LOOK = {};

/** The values kept, at most so many, the least recently used going first; and the tags by which they can be dropped. */
export class Entries {
  readonly #lru: LRUCache<string, Kept>;
  readonly #tags = new Map<string, Tag>();
  readonly #log = new InvalidationLog();
  readonly #now: () => number;

  constructor(maxEntries: number, now: () => number) {
    this.#now = now;
    this.#lru = new LRUCache({ max: maxEntries, dispose: (entry) => this.#forgetTags(entry) });
  }

  /** Those of a dropped tag, and those past their time, count until their room is needed or somebody asks for them. */
  get size(): number {
    return this.#lru.size;
  }

  get(name: string): NearEntry | undefined {
    const entry = this.#lru.get(name, LOOK);
    if (entry === undefined) return undefined;
    if (this.#now() < entry.expiresAt && areLive(entry.tags)) return entry;
    this.#lru.delete(name);
    return undefined;
  }

  begin(name: string): Ticket {
    return { name, beganAt: this.#now(), position: this.#log.position };
  }

  /** Whether neither the ticket's name nor a tag was invalidated since the ticket was handed out. */
  isValid({ name, position }: Ticket, tagKeys: readonly string[]): boolean {
    return !this.#log.hasSince(name, position) && !tagKeys.some((key) => this.#log.hasSince(key, position));
  }

  /** The time counts from the ticket: Redis gave the TTL some time after that, so an entry never outlives what it is a copy of. */
  put(
    { name, beganAt }: Ticket,
    value: unknown,
    meta: unknown,
    tagKeys: readonly string[],
    ttlMs: number,
  ): void {
    const expiresAt = beganAt + ttlMs;
    if (!(this.#now() < expiresAt)) return;
    const tags = tagKeys.length === 0 ? NO_TAGS : tagKeys.map((key) => this.#tag(key));
    this.#lru.set(name, { value, meta, expiresAt, tags });
  }

  /** `name` is a value's, or a tag's: then all entries with that tag are dropped. */
  drop(name: string): void {
    this.#log.add(name);
    this.#lru.delete(name);
    const tag = this.#tags.get(name);
    if (tag === undefined) return;
    tag.isLive = false;
    this.#tags.delete(name);
  }

  /** Drops everything, and says how many entries that were. */
  flush(): number {
    const { size } = this.#lru;
    this.#log.addAll();
    this.#lru.clear();
    return size;
  }

  #tag(key: string): Tag {
    let tag = this.#tags.get(key);
    if (tag === undefined) {
      tag = { key, isLive: true, entries: 0 };
      this.#tags.set(key, tag);
    }
    tag.entries++;
    return tag;
  }

  #forgetTags({ tags }: Kept): void {
    for (const tag of tags) {
      tag.entries--;
      // A tag that was dropped may have been followed by another of the same name.
      if (tag.entries === 0 && tag.isLive) this.#tags.delete(tag.key);
    }
  }
}

function areLive(tags: readonly Tag[]): boolean {
  for (const tag of tags) if (!tag.isLive) return false;
  return true;
}
