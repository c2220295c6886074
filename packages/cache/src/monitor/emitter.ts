import { inspect } from 'node:util';
import { CacheOptionError } from '../errors.ts';
import type { CacheEvent, CacheEvents } from './events.ts';

/** May be async; nobody waits for it, and what it throws or rejects with becomes a process warning. */
export type CacheListener<E extends CacheEvent> = (payload: CacheEvents[E]) => unknown;

/**
 * The events of a cache, to listen to. Listeners run at once, within the read that they tell of, so keep them short. An
 * `error` that nobody listens to is not thrown, unlike with Node's EventEmitter.
 */
export interface CacheEmitter {
  /** Throws `CacheOptionError` for an event that there is not. */
  on<E extends CacheEvent>(event: E, listener: CacheListener<E>): this;
  /** For the next such event only. */
  once<E extends CacheEvent>(event: E, listener: CacheListener<E>): this;
  off<E extends CacheEvent>(event: E, listener: CacheListener<E>): this;
}

interface Subscription<E extends CacheEvent> {
  readonly listener: CacheListener<E>;
  readonly once: boolean;
}

type Subscriptions = { [E in CacheEvent]: readonly Subscription<E>[] };

/** The side of it that the cache holds. */
export class Emitter implements CacheEmitter {
  // A list is replaced, never changed, so an event being emitted goes to those who listened when it happened.
  readonly #subscriptions: Subscriptions = {
    read: [],
    load: [],
    store: [],
    invalidate: [],
    lease: [],
    breaker: [],
    near: [],
    probe: [],
    error: [],
  };

  on<E extends CacheEvent>(event: E, listener: CacheListener<E>): this {
    return this.#add(event, { listener, once: false });
  }

  once<E extends CacheEvent>(event: E, listener: CacheListener<E>): this {
    return this.#add(event, { listener, once: true });
  }

  off<E extends CacheEvent>(event: E, listener: CacheListener<E>): this {
    const subscription = this.#list(event).find((each) => each.listener === listener);
    if (subscription !== undefined) this.#remove(event, subscription);
    return this;
  }

  wants(event: CacheEvent): boolean {
    return this.#subscriptions[event].length > 0;
  }

  emit<E extends CacheEvent>(event: E, payload: CacheEvents[E]): void {
    for (const subscription of this.#subscriptions[event]) {
      // Gone already: the event has happened again within one of the listeners.
      if (subscription.once && !this.#remove(event, subscription)) continue;
      callListener(`the cache's "${event}" event`, subscription.listener, payload);
    }
  }

  #add<E extends CacheEvent>(event: E, subscription: Subscription<E>): this {
    if (typeof subscription.listener !== 'function') {
      throw new CacheOptionError('listener', subscription.listener, 'a function');
    }
    this.#replace(event, [...this.#list(event), subscription]);
    return this;
  }

  /** False when it was not there. */
  #remove<E extends CacheEvent>(event: E, subscription: Subscription<E>): boolean {
    const list: readonly Subscription<E>[] = this.#subscriptions[event];
    const at = list.indexOf(subscription);
    if (at < 0) return false;
    this.#replace(event, list.toSpliced(at, 1));
    return true;
  }

  #list<E extends CacheEvent>(event: E): readonly Subscription<E>[] {
    if (!Object.hasOwn(this.#subscriptions, event)) {
      throw new CacheOptionError('event', event, `one of ${Object.keys(this.#subscriptions).join(', ')}`);
    }
    return this.#subscriptions[event];
  }

  #replace<E extends CacheEvent>(event: E, list: readonly Subscription<E>[]): void {
    const subscriptions: { [K in E]: readonly Subscription<K>[] } = this.#subscriptions;
    subscriptions[event] = list;
  }
}

/** Calls what the cache's user gave to be told. Its failure must not become the failure of a read, nor go unseen. */
export function callListener<P>(of: string, listener: (payload: P) => unknown, payload: P): void {
  try {
    const result = listener(payload);
    if (result instanceof Promise) result.catch((failure: unknown) => warn(of, failure));
  } catch (failure) {
    warn(of, failure);
  }
}

function warn(of: string, failure: unknown): void {
  let what = 'with something that cannot be shown';
  let detail: string | undefined;
  try {
    // An error may be as odd as what threw it.
    const isError = failure instanceof Error && typeof failure.message === 'string';
    what = isError ? failure.message : inspect(failure);
    if (isError && typeof failure.stack === 'string') detail = failure.stack;
  } catch {
    // It is told all the same that something failed.
  }
  process.emitWarning(`A listener of ${of} failed: ${what}`, {
    type: 'CacheListenerWarning',
    ...(detail === undefined ? {} : { detail }),
  });
}
