import { fail } from '@workshop/lab-kit';
import { cacheTraffic, notShared } from './cache-traffic.ts';
import type { LabCheck } from './lab-check.ts';

/** The longest that the lab lets an entry live, seconds. It asks for a minute. */
const longestTtl = 3_600;

/** And the shortest: below it, seconds and milliseconds were taken for each other. */
const shortestTtlMs = 5_000;

export const expiry: LabCheck = {
  id: 'expiry',
  title: 'Every entry expires',
  expected: `each key has a time to live, at most ${longestTtl} s`,
  hint: 'SET takes the expiry along: `EX` and seconds, or `PX` and milliseconds.',
  async run({ store, redis, observe }) {
    await observe(async () => {
      await store.search('delta', 10);
      await store.search('nothing contains this', 10);
      await store.byId(7);
      await store.byId(999_999);
    });
    const keys = await redis.keys('*');
    if (keys.length === 0) fail('after 4 reads there is not one key in Redis', { mistake: 'nothing-stored' });
    for (const key of keys) {
      const ttl = await redis.pttl(key);
      const leadsTo =
        'What nobody reads again stays in memory for good, and what changed in MySQL is served old for good.';
      if (ttl >= 0 && ttl < shortestTtlMs) {
        fail(`the key ${key} lives for ${ttl} ms`, {
          mistake: 'expiry-too-short',
          leadsTo:
            'The entry is gone before the next visitor comes: the database carries every read, as before.',
        });
      }
      if (ttl < 0) fail(`the key ${key} has no expiry`, { mistake: 'no-expiry', leadsTo });
      if (ttl > longestTtl * 1000) {
        fail(`the key ${key} lives for ${Math.round(ttl / 1000)} s`, { mistake: 'expiry-too-long', leadsTo });
      }
    }
    return `${keys.length} keys, each with an expiry`;
  },
};

export const ownKeys: LabCheck = {
  id: 'own-keys',
  title: 'The rest of Redis is left alone',
  expected: 'no FLUSHALL, FLUSHDB or KEYS, at the start or later',
  hint: 'Other programs keep things in the same Redis. A key of yours goes by its own name, or by its expiry.',
  async run({ store, observe, restart }) {
    const seen = await observe(async () => {
      await restart();
      await store.search('virus', 2);
      await store.byId(7);
    });
    const [rude] = seen.commands('FLUSHALL', 'FLUSHDB', 'KEYS');
    if (rude) {
      fail(`the store sent ${rude.name}`, {
        mistake: 'flush-or-keys',
        leadsTo:
          "FLUSHALL deletes other people's data too; KEYS stops Redis for everyone while it walks all keys.",
      });
    }
    return 'a start and 2 reads without them';
  },
};

export const shared: LabCheck = {
  id: 'shared',
  title: 'What one process has stored, another finds',
  expected: 'a new process reads what was read before: 0 SELECTs',
  hint: 'A Map lives and dies with its process. What in your key differs from one process to the next?',
  async run({ store, observe, restart }) {
    await observe(() => store.search('virus', 6));
    await observe(() => store.byId(7));
    await restart();
    const seen = await observe(async () => {
      await store.search('virus', 6);
      await store.byId(7);
    });
    if (seen.selects.length > 0) {
      fail(
        `2 reads in a new process: expected 0 SELECTs, saw ${seen.selects.length}; ${cacheTraffic(seen)}`,
        notShared,
      );
    }
    return '2 reads in a new process: 0 SELECTs';
  },
};

export const close: LabCheck = {
  id: 'close',
  title: 'close() leaves no connection, and lets the process end',
  expected: 'after close() the process ends by itself',
  hint: 'Both clients keep the process alive: the pool and Redis.',
  async run({ store, connections, finish, restart }) {
    await restart();
    await store.search('virus', 2);
    await store.close();
    if (await finish()) return '0 connections, and the process ended';
    const { mysql, redis } = connections();
    return fail(
      `5 s after close() the process still runs, with ${mysql} connections to MySQL and ${redis} to Redis`,
      {
        mistake: 'never-closed',
        leadsTo: 'Every deployment waits for a time-out, and the engines keep connections nobody uses.',
      },
    );
  },
};
