import type { Storing } from './answer.ts';
import { CacheEncodeError, CacheError, CacheOptionError, CacheRedisError } from './errors.ts';
import type { FlightControl } from './flights.ts';
import { lifetimeOf, needsTimes } from './freshness.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { Leases } from './leases.ts';
import type { Plan } from './load-options.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { Stamps, TagStamps } from './tag-stamps.ts';
import { stampMs } from './tag-stamps.ts';
import type { Time } from './time.ts';
import type { Codec } from './value/codec.ts';
import { writeEntry } from './value/entry.ts';

export interface WritingParts {
  readonly leases: Leases;
  readonly keeper: LeaseKeeper;
  readonly stamps: TagStamps;
  readonly codec: Codec;
  readonly monitor: Monitor;
  readonly time: Time;
  readonly timeoutMs: number;
  /** The size in bytes from which entries are compressed. */
  readonly deflateFrom: number;
  /** Whether every entry says when it was loaded. */
  readonly wantsTimes: boolean;
  readonly closing: AbortSignal;
}

/** A loaded value, and under which lease and stamps it was loaded. */
export interface ToStore {
  readonly value: unknown;
  /** When the load began, in milliseconds since 1970. */
  readonly loadedAt: number;
  /** How long the load took, in milliseconds. */
  readonly loadMs: number;
  readonly lease: string;
  readonly stamps: Stamps;
}

interface Times {
  readonly loadedAt: number;
  readonly loadMs: number;
  readonly freshMs: number;
}

/** Writes loaded values to Redis. */
export class Writing {
  readonly #parts: WritingParts;

  constructor(parts: WritingParts) {
    this.#parts = parts;
  }

  /** Stores a value if its load still counts. Never rejects: that it could not be stored is part of the answer. */
  async store(name: string, plan: Plan, control: FlightControl, loaded: ToStore): Promise<Storing> {
    const { monitor, keeper } = this.#parts;
    const storing = await this.#tryToStore(name, plan, control, loaded);
    this.report(name, storing);
    if (storing.stored) return storing;
    if (storing.storeReason === 'superseded') {
      monitor.count('voidedLoads');
      monitor.emit('lease', { key: name, state: 'void' });
    } else {
      keeper.release(name, loaded.lease);
    }
    return storing;
  }

  /** Counts what became of a write, and tells who wants to know. */
  report(name: string, storing: Storing): void {
    const { monitor } = this.#parts;
    if (storing.stored) {
      monitor.count('writes');
      monitor.count('bytesWritten', storing.bytes);
    }
    if (!monitor.wants('store')) return;
    if (storing.stored) monitor.emit('store', { key: name, ...storing });
    else monitor.emit('store', { key: name, stored: false, reason: storing.storeReason });
  }

  /** The bytes of an entry: the codec's, and a header where something needs one. */
  entryOf(payload: Buffer, plan: Plan, stamps: Stamps, times: Times): Buffer {
    const { deflateFrom, wantsTimes } = this.#parts;
    const hasTimes = wantsTimes || needsTimes(plan);
    const hasTags = plan.tags.length > 0;
    const header = hasTimes || hasTags ? { ...(hasTimes && times), ...(hasTags && { stamps }) } : undefined;
    return writeEntry(header, payload, deflateFrom);
  }

  async #tryToStore(
    name: string,
    plan: Plan,
    control: FlightControl,
    { value, loadedAt, loadMs, lease, stamps }: ToStore,
  ): Promise<Storing> {
    const { leases, monitor, time, timeoutMs, codec, closing } = this.#parts;
    try {
      const lifetime = lifetimeOf(value, plan, time.random);
      if (lifetime === undefined) return { stored: false, storeReason: 'unwanted' };
      const { freshMs, keepMs } = lifetime;
      const bytes = this.entryOf(encodeBy(codec, value), plan, stamps, { loadedAt, loadMs, freshMs });
      // Only now is it known how long a stamp must live for a TTL that comes from the value.
      if (keepMs > stampMs(plan)) await this.#parts.stamps.ensure(plan.tags, keepMs, timeoutMs);
      const isWanted = () => !control.isVoid() && !closing.aborted;
      const stored = await leases.store(name, lease, bytes, keepMs, isWanted);
      if (!stored) return { stored, storeReason: 'superseded' };
      return { stored, ttlMs: keepMs, bytes: bytes.length };
    } catch (error) {
      // Whatever a codec, a clock or a ttlMs of the caller's throws: no reason to keep the value from its readers.
      monitor.error(
        error instanceof CacheError ? error : new CacheEncodeError('of a kind', { cause: error }),
      );
      if (error instanceof CacheRedisError) return { stored: false, storeReason: error.fault };
      return { stored: false, storeReason: error instanceof CacheOptionError ? 'unwanted' : 'unencodable' };
    }
  }
}

/** The codec's bytes. Throws `CacheEncodeError` for a value that it cannot keep. */
export function encodeBy(codec: Codec, value: unknown): Buffer {
  try {
    const bytes: unknown = codec.encode(value);
    // One that is async is refused; how it ends is nobody's concern.
    if (bytes instanceof Promise) bytes.catch(() => {});
    if (!Buffer.isBuffer(bytes)) throw new TypeError('The codec gave no Buffer.');
    return bytes;
  } catch (cause) {
    throw cause instanceof CacheEncodeError ? cause : new CacheEncodeError('of a kind', { cause });
  }
}
