import { HoldNeverUsed, WeatherMatchError, WiretapOptionError } from './errors.ts';
import type { WireEvent } from './events.ts';
import { Gate } from './gate.ts';

/** Weather that is on until it is stopped. Stopping twice does nothing. */
export interface Spell {
  /** Ends it; what it held back goes on at once. Throws WeatherMatchError if its `match` threw meanwhile. */
  stop(): void;
}

export interface Hold<E extends WireEvent = WireEvent> extends Spell {
  /** The event that is being held. Rejects with HoldNeverUsed if the hold ends before one arrives. */
  readonly arrived: Promise<E>;
  /** Lets it go on; the same as `stop()`. */
  release(): void;
}

/** Asked once about each event as it begins, before its reply. A push is asked about as well. */
export type Match<E extends WireEvent = WireEvent> = (event: E) => boolean;

/** The faults a tap can make. Each lasts until its `stop()`; without a match it is for everything. */
export interface Weather<E extends WireEvent = WireEvent, Failure = unknown> {
  /** Connections are reset, and so are new ones at once; the port stays taken. */
  refuse(): Spell;
  /** Requests are held before the store until the end; those whose client goes away first never reach it. */
  hang(match?: Match<E>): Spell;
  /** Replies come `ms` milliseconds later; those of one connection stay in order, others are not touched. */
  delay(ms: number, match?: Match<E>): Spell;
  /** The first `afterBytes` bytes of the reply go out, always less than all of it; then the connection ends. */
  cutReply(match?: Match<E>, afterBytes?: number): Spell;
  /** The store is not asked; the client gets this error in the words of the protocol. */
  fail(match: Match<E>, error: Failure): Spell;
  /**
   * Holds one request, the next that matches, before it reaches the store; or `at: 'reply'`, after the store has
   * answered and before the client knows. Without a match: the next that is not a connection being made.
   */
  hold(match?: Match<E>, options?: { at?: 'request' | 'reply' }): Hold<E>;
  /** Stops everything. */
  clear(): void;
}

/** What the weather does to one event. */
export interface Forecast<Failure> {
  failure?: { error: Failure };
  /** To be passed before the request goes to the store. */
  before: Gate[];
  /** Makes the gates to be passed before the reply goes to the client, at the moment it begins to arrive. */
  after: (() => Gate)[];
  /** After how many bytes the reply is to be cut, to be asked when it begins; the least of them counts. */
  cuts: (() => number)[];
}

interface Sky<Failure> {
  /** Resets every connection there is. */
  cutAll(): void;
  /** Throws WiretapOptionError for an error that the protocol cannot say. */
  checkFailure(error: Failure): void;
}

interface Active<E extends WireEvent, Failure> {
  match: Match<E>;
  effect: (forecast: Forecast<Failure>, event: E) => void;
  /** What is to be opened at the end. */
  gates: Set<Gate>;
  isOver?: boolean;
  onOver?: () => void;
  broken?: WeatherMatchError;
}

/** The weather of one tap: what its callers turn on, and what that means for each event. */
export class WeatherStation<E extends WireEvent, Failure> implements Weather<E, Failure> {
  readonly #sky: Sky<Failure>;
  readonly #active = new Set<Active<E, Failure>>();
  readonly #spells = new Set<Spell>();
  #refusals = 0;

  constructor(sky: Sky<Failure>) {
    this.#sky = sky;
  }

  get isRefusing(): boolean {
    return this.#refusals > 0;
  }

  /** What happens to this event; undefined in calm weather. */
  forecast(event: E): Forecast<Failure> | undefined {
    if (this.#active.size === 0) return undefined;
    let forecast: Forecast<Failure> | undefined;
    for (const active of this.#active) {
      if (!this.#matches(active, event)) continue;
      forecast ??= { before: [], after: [], cuts: [] };
      active.effect(forecast, event);
    }
    return forecast;
  }

  refuse(): Spell {
    this.#refusals += 1;
    this.#sky.cutAll();
    return this.#spell(() => {
      this.#refusals -= 1;
    });
  }

  hang(match: Match<E> = everything): Spell {
    const gate = new Gate(true);
    return this.#begin({ match, gates: new Set([gate]), effect: (forecast) => forecast.before.push(gate) });
  }

  delay(ms: number, match: Match<E> = everything): Spell {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new WiretapOptionError('ms', ms, 'a number of milliseconds, 0 or more');
    }
    const active: Active<E, Failure> = {
      match,
      gates: new Set(),
      effect: (forecast) => forecast.after.push(() => this.#timed(ms, active)),
    };
    return this.#begin(active);
  }

  cutReply(match: Match<E> = everything, afterBytes = 3): Spell {
    if (!Number.isSafeInteger(afterBytes) || afterBytes < 0) {
      throw new WiretapOptionError('afterBytes', afterBytes, 'a whole number, 0 or more');
    }
    const active: Active<E, Failure> = {
      match,
      gates: new Set(),
      effect: (forecast) => forecast.cuts.push(() => (active.isOver ? Infinity : afterBytes)),
    };
    return this.#begin(active);
  }

  fail(match: Match<E>, error: Failure): Spell {
    this.#sky.checkFailure(error);
    const effect = (forecast: Forecast<Failure>): void => {
      forecast.failure ??= { error };
    };
    return this.#begin({ match, gates: new Set(), effect });
  }

  hold(match: Match<E> = anyRequest, options: { at?: 'request' | 'reply' } = {}): Hold<E> {
    const { at = 'request' } = options;
    if (at !== 'request' && at !== 'reply') throw new WiretapOptionError('at', at, "'request' or 'reply'");
    const gate = new Gate(true);
    const arrival = withResolvers<E>();
    const active: Active<E, Failure> = {
      match,
      gates: new Set([gate]),
      onOver: () => arrival.reject(active.broken ?? new HoldNeverUsed()),
      effect: (forecast, event) => {
        this.#active.delete(active);
        if (at === 'request') {
          forecast.before.push(gate);
          arrival.resolve(event);
          return;
        }
        forecast.after.push(() => {
          arrival.resolve(event);
          return gate;
        });
      },
    };
    const spell = this.#begin(active);
    const stop = (): void => spell.stop();
    return { arrived: arrival.promise, release: stop, stop };
  }

  clear(): void {
    const broken: unknown[] = [];
    for (const spell of this.#spells) {
      try {
        spell.stop();
      } catch (error) {
        broken.push(error);
      }
    }
    if (broken.length > 0) throw broken[0];
  }

  /** A gate that opens after so long, or with the end of the spell, which may already be over when a reply begins. */
  #timed(ms: number, { gates, isOver }: Active<E, Failure>): Gate {
    const gate = new Gate(false);
    if (isOver) {
      gate.open();
      return gate;
    }
    const timer = setTimeout(() => gate.open(), ms);
    gates.add(gate);
    gate.onOpen(() => {
      clearTimeout(timer);
      gates.delete(gate);
    });
    return gate;
  }

  #begin(active: Active<E, Failure>): Spell {
    this.#active.add(active);
    return this.#spell(() => {
      this.#active.delete(active);
      active.isOver = true;
      active.onOver?.();
      for (const gate of active.gates) gate.open();
      if (active.broken) throw active.broken;
    });
  }

  #spell(end: () => void): Spell {
    const spell = {
      stop: (): void => {
        if (this.#spells.delete(spell)) end();
      },
    };
    this.#spells.add(spell);
    return spell;
  }

  /** A match that throws must neither end the process from within a socket's callback, nor be passed over. */
  #matches(active: Active<E, Failure>, event: E): boolean {
    try {
      return active.match(event);
    } catch (cause) {
      active.broken = new WeatherMatchError(event, cause);
      active.onOver?.();
      this.#active.delete(active);
      return false;
    }
  }
}

const everything = (): boolean => true;
const anyRequest = (event: WireEvent): boolean => event.kind !== 'connect' && event.kind !== 'push';

/** Promise.withResolvers, which Node 20 does not have; here without a process-ending rejection nobody awaits. */
function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
