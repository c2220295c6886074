import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cacheClientOptions } from '@workshop/cache';
import { Redis } from 'ioredis';
import { tellParent } from './process.ts';

/**
 * As little as a server can do: a key's bytes out of Redis, or out of memory, and on to the client. Its path is the key, `?memory` says that
 * the bytes are read once.
 */
const redis = new Redis(process.env['REDIS_URL'] ?? '', { ...cacheClientOptions, enableOfflineQueue: true });
const kept = new Map<string, Buffer>();

async function bytesOf(key: string): Promise<Buffer> {
  const bytes = await redis.getBuffer(key);
  if (bytes === null) throw new Error(`There is no key ${key}.`);
  return bytes;
}

const server = createServer((request, response) => {
  const [key = '', isInMemory] = (request.url ?? '').slice(1).split('?');
  if (isInMemory === undefined) {
    void bytesOf(key).then((bytes) => response.end(bytes));
    return;
  }
  const bytes = kept.get(key);
  if (bytes !== undefined) {
    response.end(bytes);
    return;
  }
  void bytesOf(key).then((read) => {
    kept.set(key, read);
    response.end(read);
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
tellParent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
