export { createCache } from './create-cache.ts';
export type { Cache, Load } from './cache.ts';
export type { CacheOptions, WriteOptions } from './options.ts';
export type { Answer, Hit, Loaded, Lookup, MissReason, NotFound, Storing } from './answer.ts';
export type { ClearResult } from './clear.ts';
export type { CacheStats, ErrorKind } from './counters.ts';
export { cacheClientOptions } from './client.ts';
export type { RedisClient } from './client.ts';
export { cacheKey } from './key.ts';
export type { KeyPart } from './key.ts';
export { jsonCodec } from './codec.ts';
export type { Codec } from './codec.ts';
export {
  CacheClosedError,
  CacheDecodeError,
  CacheEncodeError,
  CacheError,
  CacheOptionError,
  CacheRedisError,
} from './errors.ts';
export type { RedisFault } from './errors.ts';
