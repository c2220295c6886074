import { CacheError, CacheOptionError } from '../errors.ts';

/** What can be invalidated: a cache, or a namespace of one, whose keys are of type K. */
export interface Invalidatable<K = string> {
  invalidate(key: K): Promise<boolean>;
  invalidateTags(tags: readonly string[]): Promise<boolean>;
}

/** Takes note of what a transaction changes in one cache. Both do nothing else until the transaction is committed. */
export interface InvalidationQueue<K = string> {
  /** Queues a key. Throws `CacheOptionError` for one that is none. */
  key(key: K): void;
  /** Queues tags. Throws `CacheOptionError` for a list with anything but text in it. */
  tags(tags: readonly string[]): void;
}

/** Something was queued after the transaction had ended, and would have been lost: most likely a promise nobody awaited. */
export class TransactionEndedError extends CacheError {
  override name = 'TransactionEndedError';

  constructor() {
    super(
      'The transaction has ended, so nothing can be queued on it. Await all that it does before it ends.',
    );
  }
}

type Queue = Map<Invalidatable<never>, { readonly keys: Set<unknown>; readonly tags: Set<string> }>;

/**
 * The invalidations of one transaction, held back until its outcome is known. For those who begin and commit by themselves: `apply()`
 * after COMMIT, `drop()` after ROLLBACK. `inTransaction` does both.
 *
 * Why not at once: until COMMIT others still read the old row, and a reader that misses because of an early invalidation puts it right
 * back into the cache, where nothing takes it out any more.
 */
export class Invalidations implements InvalidationQueue {
  readonly #cache: Invalidatable;
  #queued: Queue = new Map();
  #ended = false;

  /** `cache` is the one meant by `key` and `tags`. */
  constructor(cache: Invalidatable) {
    this.#cache = cache;
  }

  key(key: string): void {
    this.in(this.#cache).key(key);
  }

  tags(tags: readonly string[]): void {
    this.in(this.#cache).tags(tags);
  }

  /** The same for another cache, or for a namespace. */
  in<K>(cache: Invalidatable<K>): InvalidationQueue<K> {
    return {
      key: (key) => {
        if (key === undefined || key === null || key === '') {
          throw new CacheOptionError('key', key, 'a key of the cache');
        }
        this.#of(cache).keys.add(key);
      },
      tags: (tags) => {
        if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string' && tag !== '')) {
          throw new CacheOptionError('tags', tags, 'a list of strings that are not empty');
        }
        const queued = this.#of(cache).tags;
        for (const tag of tags) queued.add(tag);
      },
    };
  }

  /** How many keys and tags are queued. */
  get size(): number {
    let size = 0;
    for (const { keys, tags } of this.#queued.values()) size += keys.size + tags.size;
    return size;
  }

  /**
   * To be called once the transaction is committed, or once it is not known whether it is: to invalidate too much costs a load, too
   * little serves what is no longer true. True when Redis has confirmed all; what it did not confirm is owed, and
   * reported, as by `cache.invalidate`. Never rejects, because what it belongs to has already happened.
   */
  async apply(): Promise<boolean> {
    this.#ended = true;
    const work: Promise<boolean>[] = [];
    for (const [cache, { keys, tags }] of this.#queued) {
      for (const key of keys) work.push(attempt(() => cache.invalidate(key as never)));
      if (tags.size > 0) work.push(attempt(() => cache.invalidateTags([...tags])));
    }
    this.#queued = new Map();
    return (await Promise.all(work)).every(Boolean);
  }

  /** To be called once the transaction is rolled back: nothing has changed, so nothing is invalidated. */
  drop(): void {
    this.#ended = true;
    this.#queued = new Map();
  }

  /** Marks this point. The function it gives drops what was queued after it, as ROLLBACK TO SAVEPOINT does with changes. */
  mark(): () => void {
    const marked = copyOf(this.#queued);
    return () => {
      if (!this.#ended) this.#queued = copyOf(marked);
    };
  }

  #of<K>(cache: Invalidatable<K>) {
    if (this.#ended) throw new TransactionEndedError();
    const queued = this.#queued.get(cache) ?? { keys: new Set<unknown>(), tags: new Set<string>() };
    this.#queued.set(cache, queued);
    return queued;
  }
}

function copyOf(queue: Queue): Queue {
  return new Map(
    Array.from(queue, ([cache, { keys, tags }]) => [cache, { keys: new Set(keys), tags: new Set(tags) }]),
  );
}

/** A cache that was closed meanwhile throws; that must not look as if the transaction had failed, nor go unseen. */
async function attempt(invalidate: () => Promise<boolean>): Promise<boolean> {
  try {
    return await invalidate();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
    return false;
  }
}
