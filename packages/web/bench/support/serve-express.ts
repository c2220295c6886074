import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Redis } from 'ioredis';
import { expressMessages } from '../../src/http/express-messages.ts';
import { tellParent } from './process.ts';

/** As little as Express can do, with messages made as the demo makes them: one route, which ends with the bytes of the key that its path names. They are read once. */
const redis = new Redis(process.env['REDIS_URL'] ?? '');
const kept = new Map<string, Buffer>();

const app = express();
app.get('/:key', async (request, response) => {
  const { key } = request.params;
  const bytes = kept.get(key) ?? (await redis.getBuffer(key));
  if (bytes === null) throw new Error(`There is no key ${key}.`);
  kept.set(key, bytes);
  response.end(bytes);
});
const server = createServer(expressMessages(app), app);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
tellParent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
