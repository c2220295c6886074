export { createCache } from './create-cache.ts';
export type { Cache, Load } from './cache.ts';
export type { CacheOptions, WriteOptions } from './options.ts';
export type { Answer, Hit, Loaded, Lookup, MissReason, NotFound, Storing } from './answer.ts';
export type { ClearResult } from './redis/clear.ts';
export type { CacheStats, ErrorKind } from './monitor/counters.ts';
export { cacheClientOptions } from './redis/client.ts';
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
  CacheOptionError,
  CacheRedisError,
} from './errors.ts';
export type { RedisFault } from './errors.ts';
