import { cacheClientOptions, createCache } from '@workshop/cache';
import { Redis } from 'ioredis';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const client = new Redis(redis, { ...cacheClientOptions, connectionName: 'articles' });
  client.on('error', () => {}); // the cache reports what a read met with
  const cache = createCache({ redis: client, prefix });

  const stored = await cache.set('greeting', 'hello', { ttlMs: 60_000 });
  const found = await cache.get<string>('greeting');
  const invalidated = await cache.invalidate('greeting');

  await cache.close(); // the client is yours, and stays as it is
  await client.quit();
  return { stored, outcome: found.outcome, invalidated };
}
