import type { Hit, MissReason } from './answer.ts';
import type { RedisFault } from './errors.ts';
import { CacheError, CacheInvalidError, CacheRedisError } from './errors.ts';
import type { Freshness } from './freshness.ts';
import { freshnessOf } from './freshness.ts';
import { digestOf } from './leases.ts';
import type { Plan } from './load-options.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { Names } from './names.ts';
import type { NearCache, NearEntry } from './near/near.ts';
import type { Stored } from './redis/gather.ts';
import { withDeadline } from './redis/deadline.ts';
import type { Shelf } from './shelf.ts';
import { areCurrent, carriesAll } from './tag-stamps.ts';
import type { Time } from './time.ts';
import type { Codec } from './value/codec.ts';
import type { Decode } from './value/decode.ts';
import { checkBySchema, decodeBy } from './value/decode.ts';
import type { Entry, EntryHeader } from './value/entry.ts';
import { readEntry } from './value/entry.ts';
import { vouchedFor } from './vouch.ts';

/** A value that may be served, and whether it is time to refresh it. */
export interface Found<T> extends Hit<T> {
  readonly freshness: Freshness;
  readonly header: EntryHeader;
  /** What stands in Redis; undefined for a near hit, */
  readonly raw: Buffer | undefined;
  /** of which the digest may be known. */
  readonly digest?: string | undefined;
}

/** Nothing that may be served. */
export interface Missing<T> {
  readonly outcome: 'miss' | 'bypass';
  readonly reason: MissReason | RedisFault;
  readonly key: string;
  readonly redisMs: number;
  /** When the reader came, by performance.now(). */
  readonly cameAt: number;
  /** What stands there and cannot be used; undefined when nothing does. */
  readonly raw: Buffer | undefined;
  /** An old value, in case the load fails. */
  readonly spare: Found<T> | undefined;
}

export type Judged<T> = Found<T> | Missing<T>;

export interface ReadingParts {
  readonly timeoutMs: number;
  readonly shelf: Shelf;
  readonly names: Names;
  readonly codec: Codec;
  readonly monitor: Monitor;
  readonly near: NearCache | undefined;
  readonly time: Time;
}

/** What the near cache keeps with a value, so that it can be judged again. */
interface NearMeta {
  readonly header: EntryHeader;
  readonly bytes: number;
  /** Only where a refresh ahead of the end or a probe may be due: they have to tell Redis which entry they mean. */
  readonly digest: string | undefined;
}

/** Looks a value up, and judges what it finds. A fault of Redis is never thrown from here: it is counted, and becomes part of the answer. */
export class Reading {
  readonly #parts: ReadingParts;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /**
   * What the near cache has, if it is to be served as it is, for a caller who wants nothing but the value. It makes no object
   * and no promise: a near hit costs little more than finding it.
   */
  nearEntry(key: string, plan: Plan): NearEntry | undefined {
    const entry = this.#parts.near?.getByKey(this.#parts.names.key(key));
    if (entry === undefined || plan.beta > 0 || plan.schema !== undefined) return undefined;
    if (plan.tags.length > 0 && !carriesAll(vouchedFor<NearMeta>(entry.meta).header.stamps, plan.tags))
      return undefined;
    return entry;
  }

  /** What the near cache has. */
  nearby<T>(name: string, plan: Plan): Found<T> | undefined {
    const { near, time } = this.#parts;
    const entry = near?.get(name);
    if (entry === undefined || plan.schema !== undefined) return undefined;
    const { header, bytes, digest } = vouchedFor<NearMeta>(entry.meta);
    if (!carriesAll(header.stamps, plan.tags)) return undefined;
    return {
      outcome: 'hit',
      reason: 'near',
      value: vouchedFor<T>(entry.value),
      key: name,
      ttlMs: entry.expiresAt - time.now(),
      bytes,
      redisMs: 0,
      freshness: freshnessOf(header, plan, time),
      header,
      raw: undefined,
      digest,
    };
  }

  /** Looks in Redis, in one command with up to `maxKeys` others of this turn. */
  async look<T>(
    name: string,
    plan: Plan,
    decode: Decode<T> | undefined,
    wantsTtl: boolean,
    maxKeys?: number,
  ): Promise<Judged<T>> {
    const { shelf, near, names, monitor } = this.#parts;
    const cameAt = performance.now();
    const { owed } = shelf;
    if (owed.size > 0 && (owed.has(name) || plan.tags.some((tag) => owed.has(names.tag(tag))))) {
      return missing(name, cameAt, 'miss', 'invalidated');
    }
    const keepsNear = decode === undefined && near?.isOn === true;
    const ticket = keepsNear ? near.begin(name) : undefined;
    try {
      let stored: Stored | null;
      let stamps = NO_STAMPS;
      // Most reads: one more promise on their path would be felt.
      const how = {
        wantsTtl: wantsTtl || keepsNear,
        maxKeys,
        // What one caller asks for together goes out together.
        mayWait: maxKeys === undefined,
        companions: plan.tags.length === 0 ? undefined : plan.tags.map((tag) => names.tag(tag)),
      };
      const batch = shelf.join(name, how);
      if (batch !== undefined) {
        await batch.reply;
        stored = batch.get(name);
        if (how.companions !== undefined) {
          stamps = new Map(plan.tags.map((tag) => [tag, batch.get(names.tag(tag))?.bytes.toString()]));
        }
      } else {
        const reading = shelf.read(name, { ...how, companions: undefined });
        [stored, stamps] = await Promise.all([reading, this.#stampsOf(plan.tags)]);
      }
      if (stored === null) return missing(name, cameAt, 'miss', 'absent');
      monitor.count('bytesRead', stored.bytes.length);
      const judging = this.judge(name, stored, plan, decode, stamps, cameAt);
      const judged = judging instanceof Promise ? await judging : judging;
      if (ticket !== undefined && judged.outcome === 'hit' && judged.freshness === 'fresh') {
        near?.put(ticket, this.#nearEntry(judged));
      }
      return judged;
    } catch (error) {
      if (!(error instanceof CacheRedisError)) throw error;
      monitor.error(error);
      return missing(name, cameAt, 'bypass', error.fault);
    }
  }

  /**
   * Judges what Redis gave. `stamps` are those of the plan's tags, read after the reader came; an entry may carry more, which are then
   * asked for. Rejects with `CacheRedisError` for these only. Most entries need neither that nor a schema: they are judged without a promise,
   * which is on the path of every hit.
   */
  judge<T>(
    name: string,
    stored: Stored,
    plan: Plan,
    decode: Decode<T> | undefined,
    stamps: ReadonlyMap<string, string | undefined>,
    cameAt: number,
  ): Judged<T> | Promise<Judged<T>> {
    try {
      const entry = readEntry(stored.bytes);
      const { header } = entry;
      // An entry of before this tag was introduced would outlive its invalidation.
      if (!carriesAll(header.stamps, plan.tags)) return unusable(name, cameAt, stored, 'invalidated');
      const freshness = freshnessOf(header, plan, this.#parts.time);
      if (freshness === 'dead') return unusable(name, cameAt, stored, 'expired');
      if (header.stamps !== undefined || plan.schema !== undefined) {
        return this.#judgeFurther(name, stored, entry, freshness, plan, decode, stamps, cameAt);
      }
      const value = decodeBy(this.#parts.codec, entry.payload, decode);
      return verdict(name, stored, header, freshness, value, cameAt);
    } catch (error) {
      return this.#refuse(name, stored, cameAt, error);
    }
  }

  async #judgeFurther<T>(
    name: string,
    stored: Stored,
    { header, payload }: Entry,
    freshness: Freshness,
    { schema }: Plan,
    decode: Decode<T> | undefined,
    stamps: ReadonlyMap<string, string | undefined>,
    cameAt: number,
  ): Promise<Judged<T>> {
    if (header.stamps !== undefined && !(await this.#areCurrent(header.stamps, stamps, cameAt))) {
      return unusable(name, cameAt, stored, 'invalidated');
    }
    try {
      const { codec } = this.#parts;
      if (schema === undefined) {
        return verdict(name, stored, header, freshness, decodeBy(codec, payload, decode), cameAt);
      }
      const value = decodeBy<T>(codec, payload, undefined);
      await checkBySchema(name, value, schema);
      return verdict(name, stored, header, freshness, decode === undefined ? value : decode(payload), cameAt);
    } catch (error) {
      return this.#refuse(name, stored, cameAt, error);
    }
  }

  #refuse<T>(name: string, stored: Stored, cameAt: number, error: unknown): Missing<T> {
    if (!(error instanceof CacheError)) throw error;
    this.#parts.monitor.error(error);
    return unusable(name, cameAt, stored, error instanceof CacheInvalidError ? 'invalid' : 'undecodable');
  }

  async #areCurrent(
    stamps: Readonly<Record<string, string>>,
    known: ReadonlyMap<string, string | undefined>,
    cameAt: number,
  ): Promise<boolean> {
    const { shelf, names, timeoutMs } = this.#parts;
    const tags = Object.keys(stamps);
    if (tags.some((tag) => shelf.owed.has(names.tag(tag)))) return false;
    const unknown = tags.filter((tag) => !known.has(tag));
    if (unknown.length === 0) return areCurrent(stamps, known);
    // A second round trip, on what the first has left of the time.
    const limitMs = Math.max(1, timeoutMs - (performance.now() - cameAt));
    const others = await withDeadline(this.#stampsOf(unknown), limitMs, () => {
      throw new CacheRedisError(
        'timeout',
        'MGET',
        `Redis did not give the stamps of tags within ${timeoutMs} ms.`,
      );
    });
    return areCurrent(stamps, new Map([...known, ...others]));
  }

  async #stampsOf(tags: readonly string[]): Promise<Map<string, string | undefined>> {
    const { shelf, names } = this.#parts;
    const stored = await Promise.all(tags.map((tag) => shelf.read(names.tag(tag))));
    return new Map(tags.map((tag, index) => [tag, stored[index]?.bytes.toString()]));
  }

  #nearEntry<T>({ value, header, raw, bytes, ttlMs = Infinity }: Found<T>) {
    const { names, time } = this.#parts;
    const { loadedAt, freshMs, loadMs, stamps = {} } = header;
    const freshForMs =
      loadedAt === undefined || freshMs === undefined ? Infinity : loadedAt + freshMs - time.now();
    const digest = loadMs === undefined ? undefined : digestOf(raw);
    return {
      value,
      meta: { header, bytes, digest } satisfies NearMeta,
      tagKeys: Object.keys(stamps).map((tag) => names.tag(tag)),
      ttlMs: Math.min(ttlMs, freshForMs),
    };
  }
}

const NO_STAMPS: ReadonlyMap<string, string | undefined> = new Map();

function missing<T>(
  key: string,
  cameAt: number,
  outcome: 'miss' | 'bypass',
  reason: MissReason | RedisFault,
): Missing<T> {
  return {
    outcome,
    reason,
    key,
    redisMs: performance.now() - cameAt,
    cameAt,
    raw: undefined,
    spare: undefined,
  };
}

/** Whether what was found may be served, or is only good for when a load fails. */
function verdict<T>(
  key: string,
  stored: Stored,
  header: EntryHeader,
  freshness: Freshness,
  value: T,
  cameAt: number,
): Judged<T> {
  const found: Found<T> = {
    outcome: 'hit',
    reason: freshness === 'stale' || freshness === 'spare' ? 'stale' : 'found',
    value,
    key,
    ttlMs: stored.ttlMs,
    bytes: stored.bytes.length,
    redisMs: performance.now() - cameAt,
    freshness,
    header,
    raw: stored.bytes,
  };
  return freshness === 'spare' ? unusable(key, cameAt, stored, 'expired', found) : found;
}

function unusable<T>(
  key: string,
  cameAt: number,
  { bytes }: Stored,
  reason: MissReason,
  spare?: Found<T>,
): Missing<T> {
  return { ...missing<T>(key, cameAt, 'miss', reason), raw: bytes, spare };
}
