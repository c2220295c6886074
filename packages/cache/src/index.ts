export { createCache } from './create-cache.ts';
export type { Cache, LoadManyOptions } from './cache.ts';
export type { Load } from './reads.ts';
export type {
  BreakerOptions,
  CacheOptions,
  LeaseOptions,
  LoadsOptions,
  NearOptions,
  ReplicaOptions,
} from './options.ts';
export type { LoadOptions, WriteOptions } from './load-options.ts';
export type { LoadMany } from './load-batch.ts';
export type { Namespace, NamespaceOptions } from './namespace.ts';
export { systemTime } from './time.ts';
export type { Time } from './time.ts';
export type { Answer, Hit, Loaded, Lookup, MissReason, NotFound, Storing } from './answer.ts';
export type { ClearResult } from './redis/clear.ts';
export type { CacheStats, Gauges, Latencies } from './monitor/stats.ts';
export type { Counter, Counts, ErrorKind } from './monitor/counters.ts';
export type { CacheEmitter, CacheListener } from './monitor/emitter.ts';
export type { CacheEvent, CacheEvents } from './monitor/events.ts';
export { histogramBetween, quantile } from './monitor/histogram.ts';
export type { HistogramSnapshot } from './monitor/histogram.ts';
export type { CacheSpan, SpanAttributes, SpanName, Tracing } from './monitor/tracing.ts';
export { cacheClientOptions, clusterClientOptions } from './redis/client.ts';
export type { RedisClient } from './redis/client.ts';
export { cacheKey } from './key.ts';
export type { KeyPart } from './key.ts';
export { jsonCodec } from './value/codec.ts';
export type { Codec } from './value/codec.ts';
export {
  CacheClosedError,
  CacheDecodeError,
  CacheEncodeError,
  CacheError,
  CacheInvalidError,
  CacheOptionError,
  CacheRedisError,
} from './errors.ts';
export type { RedisFault } from './errors.ts';
