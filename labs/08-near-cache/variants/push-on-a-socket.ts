// Another right way: the messages of protocol 3, read from a plain socket; each tag has a number of its own in memory,
// and copies are known by these numbers. Functions only.
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers';
import { deserialize, serialize } from 'node:v8';
import { Redis } from 'ioredis';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';

const mostCopies = 300;
const mostMs = 8_000;

interface Listening {
  isOn(): boolean;
  close(): void;
}

/** @param changed undefined: anything may have changed */
function listen(url: string, prefix: string, changed: (key?: string) => void): Listening {
  const { hostname, port } = new URL(url);
  let socket: Socket | undefined;
  let isOn = false;
  let isClosed = false;

  const begin = () => {
    if (isClosed) return;
    let text = '';
    socket = connect(Number(port), hostname);
    socket.setEncoding('latin1');
    socket.write(`HELLO 3\r\nCLIENT TRACKING ON BCAST PREFIX ${prefix}\r\nPING\r\n`);
    socket.on('data', (chunk: string) => {
      text += chunk;
      // All but a line that has not come to its end.
      const end = text.lastIndexOf('\r\n') + 2;
      const lines = text.slice(0, end).split('\r\n');
      text = text.slice(end);
      for (const line of lines) {
        if (line.startsWith('-')) socket?.destroy();
        // The answer to PING is the last one.
        else if (line === '+PONG') isOn = true;
        else if (line === '_') changed();
        else if (line.startsWith(prefix)) changed(line);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      isOn = false;
      changed();
      setTimeout(begin, 200).unref();
    });
  };
  begin();
  return {
    isOn: () => isOn,
    close() {
      isClosed = true;
      socket?.destroy();
    },
  };
}

function pushedCache(redisUrl: string): VariantCache {
  const redis = new Redis(redisUrl, { commandTimeout: 400, maxRetriesPerRequest: 1 });
  redis.on('error', () => {});
  /** By its key in Redis; whatever happens to a tag gives it another number here. */
  const numbers = new Map<string, number>();
  const copies = new Map<string, { value: Buffer; until: number; seen: string }>();
  const owed = new Set<string>();
  let last = 0;

  const changed = (key?: string) => {
    if (key !== undefined) numbers.set(key, ++last);
    else {
      numbers.clear();
      copies.clear();
      last++;
    }
  };
  const listening = listen(redisUrl, 'v:tag:', changed);
  const numbersOf = (tags: readonly string[]) =>
    tags.map((tag) => numbers.get(tag) ?? numbers.set(tag, ++last).get(tag)).join();

  function keep(key: string, value: Buffer, seen: string, tags: readonly string[], leftMs: number): void {
    if (!listening.isOn() || seen !== numbersOf(tags) || leftMs <= 0) return;
    copies.delete(key);
    copies.set(key, { value, seen, until: performance.now() + Math.min(leftMs, mostMs) });
    const [oldest] = copies.keys();
    if (copies.size > mostCopies && oldest !== undefined) copies.delete(oldest);
    if (numbers.size > 5 * mostCopies) changed();
  }

  async function payOwed(): Promise<void> {
    const keys = [...owed];
    if (keys.length > 0) await redis.del(keys);
    for (const key of keys) owed.delete(key);
  }

  async function versionsOf(tags: readonly string[]): Promise<string> {
    await payOwed();
    const transaction = redis.multi();
    for (const tag of tags) transaction.set(tag, randomUUID(), 'EX', 90_000, 'NX');
    const replies = await transaction.mget([...tags]).exec();
    const versions = replies?.at(-1)?.[1];
    if (!Array.isArray(versions)) throw new Error('Redis gave no versions');
    return versions.join();
  }

  async function find(key: string, tags: readonly string[]) {
    const place = `v:at:${await versionsOf(tags)}:${key}`;
    const [bytes, leftMs] = await Promise.all([redis.getBuffer(place), redis.pttl(place)]);
    return { place, bytes, leftMs };
  }

  return {
    async getOrLoad<T>(key: string, names: readonly string[], load: () => Promise<T>): Promise<T> {
      const tags = names.map((name) => `v:tag:${name}`);
      const seen = numbersOf(tags);
      const copy = copies.get(key);
      if (copy && copy.seen === seen && copy.until > performance.now()) return deserialize(copy.value) as T;
      const found = await find(key, tags).catch(() => undefined);
      if (found?.bytes) {
        keep(key, found.bytes, seen, tags, found.leftMs);
        return deserialize(found.bytes) as T;
      }
      const value = await load();
      const lifeMs = value === null ? 9_500 : 58_000;
      if (found) await redis.set(found.place, serialize(value), 'PX', lifeMs).catch(() => {});
      return value;
    },

    async invalidate(names) {
      const keys = names.map((name) => `v:tag:${name}`);
      for (const key of keys) owed.add(key);
      await payOwed().catch(() => {});
      for (const key of keys) changed(key);
    },

    async close() {
      listening.close();
      redis.disconnect();
    },
  };
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  return storeOver(mysqlUrl, pushedCache(redisUrl));
}
