import type { CheckContext, RedisEvent } from '@workshop/lab-kit';

/** Leave alone what Redis holds. A client sends some of them by itself. */
const readingCommands = new Set(
  [
    'GET',
    'MGET',
    'GETRANGE',
    'STRLEN',
    'HGET',
    'HMGET',
    'HGETALL',
    'HLEN',
    'EXISTS',
    'TYPE',
    'TTL',
    'PTTL',
  ].concat(['HELLO', 'AUTH', 'SELECT', 'CLIENT', 'INFO', 'PING', 'QUIT', 'ECHO', 'COMMAND', 'SUBSCRIBE']),
);

/** Redis is full: it refuses to write, and reads as before. */
export function refuseWrites(weather: CheckContext['weather']): { stop(): void } {
  return weather.redis.fail(
    (event: RedisEvent) => event.kind === 'command' && !readingCommands.has(event.name ?? ''),
    "OOM command not allowed when used memory > 'maxmemory'.",
  );
}

/** Redis has been started and reads its data from the disk: it answers everything with an error. */
export function stillLoading(weather: CheckContext['weather']): { stop(): void } {
  return weather.redis.fail(
    (event: RedisEvent) => event.kind === 'command',
    'LOADING Redis is loading the dataset in memory',
  );
}
