import { performance } from 'node:perf_hooks';
import { RecordOverflow, WaitTimeout, WiretapOptionError } from './errors.ts';
import type { WireEvent } from './events.ts';

export interface WireRecordOptions {
  /** How many events are kept; past it the oldest go, an eighth at a time. Default 20,000. */
  maxEvents?: number;
  /** How many bytes of one argument, parameter, statement or reply string are kept. Default 64 KiB. */
  maxArgBytes?: number;
  /** How many bytes all the kept values may take together; past it the oldest events go. Default 256 MiB. */
  maxBytes?: number;
}

export interface WaitOptions {
  timeoutMs: number;
  /** Only events from this mark on. Default: all that are kept, and those to come. */
  from?: number;
  /** What is waited for, in words, for the error. */
  what?: string;
}

export type RecordListener = (event: WireEvent, phase: 'started' | 'ended') => void;

/**
 * The ordered list of what crossed the wire, shared by as many taps as are given it. An event enters when its
 * request has arrived whole, and is completed in place when the reply has.
 */
export class WireRecord {
  readonly maxArgBytes: number;
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  readonly #began = performance.now();
  readonly #listeners = new Set<RecordListener>();
  readonly #events: WireEvent[] = [];
  /** What each of the events weighs, side by side with them. */
  readonly #weights: number[] = [];
  #keptBytes = 0;
  #dropped = 0;
  #connections = 0;
  #transactions = 0;

  constructor(options: WireRecordOptions = {}) {
    this.#maxEvents = positive('maxEvents', options.maxEvents ?? 20_000);
    this.#maxBytes = positive('maxBytes', options.maxBytes ?? 256 * 1024 * 1024);
    this.maxArgBytes = positive('maxArgBytes', options.maxArgBytes ?? 64 * 1024);
  }

  /** Those that are kept, oldest first. The list is alive; `since` gives one that stays as it is. */
  get events(): readonly WireEvent[] {
    return this.#events;
  }

  /** How many events have been dropped to keep the bounds. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Bytes of arguments, statements and replies that the kept events hold. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Milliseconds since the record began: the clock of `startedAt` and `endedAt`. */
  now(): number {
    return performance.now() - this.#began;
  }

  /** The position after everything recorded so far, which is the `seq` of the next event. */
  mark(): number {
    return this.#dropped + this.#events.length;
  }

  /** What entered since the mark. Throws RecordOverflow if part of it has been dropped. */
  since(mark: number): WireEvent[] {
    if (mark < this.#dropped) throw new RecordOverflow(this.#dropped - mark, this.#events.length);
    return this.#events.slice(mark - this.#dropped);
  }

  /** Calls the listener as each event starts and ends; returns what ends that. */
  on(listener: RecordListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The first event for which the predicate holds, now or later; it is asked again when a reply completes an event.
   * Rejects with WaitTimeout, or with what the predicate throws.
   */
  waitFor<E extends WireEvent>(predicate: (event: WireEvent) => event is E, options: WaitOptions): Promise<E>;
  waitFor(predicate: (event: WireEvent) => boolean, options: WaitOptions): Promise<WireEvent>;
  async waitFor(predicate: (event: WireEvent) => boolean, options: WaitOptions): Promise<WireEvent> {
    const { timeoutMs, from = this.#dropped, what = predicate.name || 'an event' } = options;
    const known = this.since(from).find((event) => predicate(event));
    if (known) return known;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        off();
      };
      const off = this.on((event) => {
        try {
          if (event.seq < from || !predicate(event)) return;
          resolve(event);
        } catch (error) {
          reject(error);
        }
        settle();
      });
      const timer = setTimeout(() => {
        settle();
        reject(new WaitTimeout(what, timeoutMs, this.#events.slice(Math.max(0, from - this.#dropped))));
      }, timeoutMs);
    });
  }

  /** For taps: numbers for what is counted across the record. */
  nextConnection(): number {
    return (this.#connections += 1);
  }

  nextTransaction(): number {
    return (this.#transactions += 1);
  }

  /** For taps: enters an event, giving it its `seq`. `weight`: the bytes of values it holds. */
  start(event: WireEvent, weight = 0): void {
    event.seq = this.mark();
    this.#events.push(event);
    this.#weights.push(weight);
    this.#keptBytes += weight;
    if (this.#events.length > this.#maxEvents || this.#keptBytes > this.#maxBytes) this.#dropOldest();
    this.#tell(event, 'started');
  }

  /** For taps: the event has been completed in place, and holds `weight` more bytes. */
  end(event: WireEvent, weight = 0): void {
    const index = event.seq - this.#dropped;
    if (weight > 0 && index >= 0) {
      this.#weights[index]! += weight;
      this.#keptBytes += weight;
      if (this.#keptBytes > this.#maxBytes) this.#dropOldest();
    }
    this.#tell(event, 'ended');
  }

  /** An eighth at a time, as closing the gap costs the same for one as for many; the newest event always stays. */
  #dropOldest(): void {
    const last = this.#events.length - 1;
    let count = 0;
    while (count < last && (count < last / 8 || this.#keptBytes > this.#maxBytes)) {
      this.#keptBytes -= this.#weights[count]!;
      count += 1;
    }
    this.#events.splice(0, count);
    this.#weights.splice(0, count);
    this.#dropped += count;
  }

  #tell(event: WireEvent, phase: 'started' | 'ended'): void {
    for (const listener of this.#listeners) {
      try {
        listener(event, phase);
      } catch (error) {
        // The listener's mistake must reach its owner, but not from the middle of a packet.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function positive(option: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new WiretapOptionError(option, value, 'a whole number above 0');
  }
  return value;
}
