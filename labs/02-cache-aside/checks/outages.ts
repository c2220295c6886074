import { setTimeout } from 'node:timers/promises';
import { CallFailed, CallHung, fail, orFailure, sameValue } from '@workshop/lab-kit';
import { describe } from '../../describe.ts';
import { articleById, literalMatches } from '../../expected.ts';
import type { Context, LabCheck } from './lab-check.ts';

export const redisRefuses: LabCheck = {
  id: 'redis-refuses',
  title: 'With Redis down, reads are answered from MySQL',
  expected: 'Redis refuses connections: 4 of 4 reads answered, also right after a start',
  hint: 'Every Redis call can fail. What then? A failed GET is a miss, and a failed SET is nothing to tell a visitor.',
  async run(context) {
    const { store, weather, restart } = context;
    await store.search('virus', 3);
    weather.redis.refuse();
    await readsAnswered(context, 'Redis went away');
    await restart();
    await readsAnswered(context, 'Redis was away at the start');
    return '4 of 4 reads answered from MySQL';
  },
};

export const redisHangs: LabCheck = {
  id: 'redis-hangs',
  title: 'With Redis hanging, reads are not held up',
  expected: 'Redis accepts commands and never answers: each read returns within 5 s',
  hint: 'ioredis waits for good unless it is told otherwise: `commandTimeout`, in ms. How long may a cache take?',
  async run(context) {
    const { store, weather } = context;
    await store.search('virus', 3);
    weather.redis.hang();
    await readsAnswered(context, 'Redis stopped answering');
    return '2 of 2 reads answered while Redis hung';
  },
};

export const redisFull: LabCheck = {
  id: 'redis-full',
  title: 'A Redis that takes no writes fails no read',
  expected: 'writes are refused (out of memory): reads answered from MySQL',
  hint: 'The rows are in your hands when the SET fails. Serve them.',
  async run(context) {
    const { weather } = context;
    const reads = new Set([
      'GET',
      'MGET',
      'HGETALL',
      'HGET',
      'HMGET',
      'GETEX',
      'EXISTS',
      'PTTL',
      'TTL',
      'HELLO',
      'CLIENT',
      'INFO',
      'PING',
      'AUTH',
      'SELECT',
    ]);
    weather.redis.fail(
      (event) => event.kind === 'command' && !reads.has(event.name ?? ''),
      "OOM command not allowed when used memory > 'maxmemory'.",
    );
    await readsAnswered(context, 'Redis is full');
    return '2 of 2 reads answered while Redis took no writes';
  },
};

/** How long a client may take to find Redis again, ms. */
const limitMs = 10_000;

export const redisReturns: LabCheck = {
  id: 'redis-returns',
  title: 'When Redis is back, caching goes on',
  expected: 'a hit again, without a restart',
  hint: 'ioredis connects again by itself, unless `retryStrategy` or a `disconnect()` tells it not to.',
  async run({ store, weather, observe, restart }) {
    await store.search('virus', 3);
    const before = await observe(() => store.search('virus', 3));
    if (before.selects.length > 0) {
      fail('there was no hit before Redis went away, so there can be none after', {
        hint: 'The checks above come first.',
      });
    }
    const spell = weather.redis.refuse();
    // A process that starts meanwhile has never seen Redis.
    await restart();
    for (let n = 0; n < 3; n++) await orFailure(store.search('virus', 3));
    spell.stop();
    // Clients wait longer and longer between attempts. The wait is for the hit; its limit is far beyond a sane one.
    const deadline = performance.now() + limitMs;
    for (let reads = 1; ; reads++) {
      const seen = await observe(() => orFailure(store.search('virus', 3)));
      if (seen.selects.length === 0 && !(seen.value instanceof CallFailed))
        return `a hit again, at read ${reads}`;
      if (performance.now() > deadline) {
        fail(`${limitMs / 1000} s and ${reads} reads after Redis came back, each read still goes to MySQL`, {
          mistake: 'gives-up-for-good',
          leadsTo:
            'After a failover of a few seconds the database carries everything until somebody restarts the servers.',
        });
      }
      await setTimeout(50);
    }
  },
};

async function readsAnswered({ store, mysql }: Context, state: string): Promise<void> {
  for (const [call, read, wanted] of [
    ["search('delta', 8)", () => store.search('delta', 8), await literalMatches(mysql, 'delta', 8)],
    ['byId(7)', () => store.byId(7), await articleById(mysql, 7)],
  ] as const) {
    const value = await orFailure<unknown>(read()).catch((error: unknown) => {
      if (!(error instanceof CallHung) || error.blocked) throw error;
      return fail(`${state}, and ${call} did not return within 5 s`, {
        mistake: 'waits-for-redis',
        leadsTo: 'The cache, there to make pages fast, makes every page hang, with the database idle.',
      });
    });
    if (value instanceof CallFailed) {
      fail(`${state}, and ${call} failed: ${value.remote.message}`, {
        mistake: 'redis-error-fails-the-read',
        leadsTo: 'The cache has become a second thing that can take the site down.',
      });
    }
    if (!sameValue(value, wanted)) fail(`${state}, and ${call} returned ${describe(value)}`);
  }
}
