import type { Answer, Lookup } from './answer.ts';
import type { Cache } from './cache.ts';
import type { Load } from './reads.ts';
import { CacheOptionError } from './errors.ts';
import type { KeyPart } from './key.ts';
import { cacheKey } from './key.ts';
import type { LoadMany } from './load-batch.ts';
import type { LoadOptions } from './load-options.ts';
import { checkLoadOptions, checkTags } from './load-options.ts';

export interface NamespaceOptions<V, K> extends Omit<LoadOptions<V>, 'tags'> {
  /**
   * The parts of a key's text, for keys that are not text or numbers themselves: `({ place, limit }) => [place, limit]`.
   * @default the key itself
   */
  readonly key?: ((key: K) => readonly KeyPart[]) | undefined;
  /** The tags of a key's value: a list, or a function of the key. */
  readonly tags?: readonly string[] | ((key: K) => readonly string[]) | undefined;
}

/**
 * A part of a cache that is of one kind: keys of type K stand for values of type V, and the options are said once. Its keys begin with
 * its name, so two namespaces never share one.
 */
export class Namespace<V, K = string> {
  readonly #cache: Cache;
  readonly #name: string;
  readonly #options: NamespaceOptions<V, K>;

  /** Throws `CacheOptionError` for an option that cannot work. */
  constructor(cache: Cache, name: string, options: NamespaceOptions<V, K>) {
    if (typeof name !== 'string' || name === '') {
      throw new CacheOptionError('namespace', name, 'a text that is not empty');
    }
    const { key, tags, ...rest } = options ?? {};
    checkLoadOptions(rest as LoadOptions<V>);
    if (key !== undefined && typeof key !== 'function') throw new CacheOptionError('key', key, 'a function');
    if (tags !== undefined && typeof tags !== 'function') checkTags(tags);
    this.#cache = cache;
    this.#name = name;
    this.#options = options;
  }

  /** The text of a key, as `getOrLoad` of the cache itself takes it. */
  keyOf(key: K): string {
    const parts = this.#options.key === undefined ? [key as KeyPart] : this.#options.key(key);
    return cacheKey([this.#name, ...parts]);
  }

  async getOrLoad(key: K, load: Load<V>, options?: Partial<LoadOptions<V>>): Promise<V> {
    return this.#cache.getOrLoad(this.keyOf(key), load, this.#optionsFor(key, options));
  }

  async getOrLoadWithOutcome(key: K, load: Load<V>, options?: Partial<LoadOptions<V>>): Promise<Answer<V>> {
    return this.#cache.getOrLoadWithOutcome(this.keyOf(key), load, this.#optionsFor(key, options));
  }

  async getOrLoadJson(key: K, load: Load<V>, options?: Partial<LoadOptions<V>>): Promise<Buffer> {
    return this.#cache.getOrLoadJson(this.keyOf(key), load, this.#optionsFor(key, options));
  }

  async getOrLoadMany(
    keys: Iterable<K>,
    loadMany: LoadMany<K, V>,
    options?: Partial<LoadOptions<V>>,
  ): Promise<Map<K, V>> {
    const { key: _key, tags, ...rest } = this.#options;
    const tagsOf = typeof tags === 'function' ? tags : undefined;
    const all = { ...rest, ...(Array.isArray(tags) && { tags }), ...given(options) };
    return this.#cache.getOrLoadMany(keys, loadMany, {
      ...(all as LoadOptions<V>),
      key: (key) => this.keyOf(key),
      ...(tagsOf !== undefined && options?.tags === undefined && { tagsOf }),
    });
  }

  async get(key: K): Promise<Lookup<V>> {
    return this.#cache.get<V>(this.keyOf(key));
  }

  async set(key: K, value: V, options?: Partial<LoadOptions<V>>): Promise<boolean> {
    const { ttlMs, absentTtlMs, jitter, tags } = this.#optionsFor(key, options);
    const isAbsent = value === null || value === undefined;
    const toldTtlMs = typeof ttlMs === 'function' ? (isAbsent ? undefined : ttlMs(value)) : ttlMs;
    return this.#cache.set(this.keyOf(key), value, {
      // A function is not asked about what is not there; `set` refuses what is then left without a TTL.
      ttlMs: (isAbsent ? (absentTtlMs ?? toldTtlMs) : toldTtlMs) as number,
      jitter,
      tags,
    });
  }

  async invalidate(key: K): Promise<boolean> {
    return this.#cache.invalidate(this.keyOf(key));
  }

  async invalidateTags(tags: readonly string[]): Promise<boolean> {
    return this.#cache.invalidateTags(tags);
  }

  #optionsFor(key: K, options: Partial<LoadOptions<V>> | undefined): LoadOptions<V> {
    const { key: _key, tags, ...rest } = this.#options;
    const ownTags = typeof tags === 'function' ? tags(key) : tags;
    return { ...rest, ...(ownTags !== undefined && { tags: ownTags }), ...given(options) };
  }
}

/** An option that is undefined is one not given, and must not take the namespace's own away. */
function given<T>(options: Partial<LoadOptions<T>> | undefined): Partial<LoadOptions<T>> {
  if (options === undefined) return {};
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
