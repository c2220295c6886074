import { Redis, type RedisOptions } from 'ioredis';
import {
  createConnection,
  createPool,
  type Connection,
  type ConnectionOptions,
  type Pool,
  type PoolOptions,
} from 'mysql2/promise';
import { onTestFinished } from 'vitest';
import type { MysqlTap, RedisTap } from '../../src/index.ts';

/** An ioredis client through the tap, gone when the test is over. It fails at once where ioredis would try again. */
export function redisClient(tap: RedisTap, options: Omit<RedisOptions, 'replyMapping'> = {}): Redis {
  const settings: Omit<RedisOptions, 'replyMapping'> = {
    host: tap.host,
    port: tap.port,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    ...options,
  };
  const client = new Redis(settings);
  // Whether a connection fails is seen from its commands.
  client.on('error', () => undefined);
  onTestFinished(() => client.disconnect());
  return client;
}

export async function mysqlClient(
  tap: MysqlTap,
  url: string,
  options: ConnectionOptions = {},
): Promise<Connection> {
  const client = await createConnection({ uri: tap.url(url), ...options });
  client.on('error', () => undefined);
  onTestFinished(() => client.destroy());
  return client;
}

export function mysqlPool(tap: MysqlTap, url: string, options: PoolOptions = {}): Pool {
  const pool = createPool({ uri: tap.url(url), ...options });
  onTestFinished(() => pool.end());
  return pool;
}
