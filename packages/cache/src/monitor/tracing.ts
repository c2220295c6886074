/** What a span stands for: a call of the cache's user, or one call of a loader (`load`), whoever waits for it. */
export type SpanName =
  | 'get'
  | 'getOrLoad'
  | 'getOrLoadJson'
  | 'getOrLoadMany'
  | 'load'
  | 'set'
  | 'invalidate'
  | 'invalidateTags'
  | 'clear';

/**
 * What a span says of itself. The cache gives `cache.prefix`, `cache.key` (the name of the key in Redis) or `cache.keys` (how many
 * there are), and, once it is known, `cache.outcome` and `cache.reason` as in the event `read`.
 */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface CacheSpan {
  /** Adds to the span's attributes. */
  readonly set: (attributes: SpanAttributes) => void;
}

/** Draws spans round what a cache does. It is on the path of every read: keep it cheap, and never let it throw. */
export interface Tracing {
  /**
   * Runs `run` within a new span and gives what it gives, or throws what it throws. A `load` runs inside a `getOrLoad`, and
   * `run` is where the spans of a database's instrumentation belong.
   */
  span<T>(name: SpanName, attributes: SpanAttributes, run: (span: CacheSpan) => Promise<T>): Promise<T>;
}
