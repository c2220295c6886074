import { CallFailed, CallHung, fail, orFailure } from '@workshop/lab-kit';
import type { WritableStore } from '../../contract.ts';
import { everyChange, type Change } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { readAll, wrongReads } from './reads.ts';
import { refuseWrites } from '../../shared/outages.ts';

/** Within so long after Redis is well again nothing old may be read any more, ms. */
const limitMs = 10_000;
const stepMs = 2_500;

const foreignKey = 'sessions:somebody';

const noWrites = 'took no writes';

const outages = [
  ['refused connections', ({ redis }: Context['weather']) => redis.refuse()],
  [noWrites, refuseWrites],
  ['did not answer', ({ redis }: Context['weather']) => redis.hang()],
] as const;

export const redisAway: LabCheck = {
  id: 'redis-away',
  title: 'A write goes well without Redis, and its invalidation is made good',
  expected: `Redis refuses connections, refuses writes, or hangs: each write is done within 5 s, and its own process reads nothing old; ${limitMs / 1_000} s after Redis is well again, 0 old answers`,
  hint: 'MySQL has committed, and Redis does not take the invalidation. Who still knows of it when Redis is back?',
  hints: [
    'The row is written. Redis is away for three seconds. What does your write tell its caller, and what do readers get for the minute after?',
    'The write is done, so it resolves. Keep what Redis has not confirmed, and send it again: when the client is `ready`, and before the next read.',
    { file: 'cache.ts', from: 'async function payOwed', to: 'return false' },
  ],
  async run(context) {
    const { store: other } = await context.another();
    for (const [index, [state, begin]] of outages.entries()) {
      const [change] = everyChange(context.articles, index + 1).slice(index);
      if (!change) throw new Error(`no change ${index}`);
      await context.coldCache();
      await readAll(other, change.reads);
      await readAll(context.store, change.reads);
      await context.redis.set(foreignKey, 'theirs');
      const spell = begin(context.weather);
      await writes(context, change, state);
      if (state === noWrites) await readsPastRedis(context, change);
      spell.stop();
      await madeGood(context, other, change, state);
      if ((await context.redis.exists(foreignKey)) === 0) {
        fail(
          `Redis ${state} during ${change.call}; when it was well again, the key ${foreignKey} of somebody else was gone`,
          {
            mistake: 'deletes-others-keys',
            leadsTo:
              'Another program loses its sessions, its queue or its locks whenever Redis has been away.',
          },
        );
      }
    }
    return `${outages.length} writes without Redis: all done; then 0 old answers`;
  },
};

async function writes({ store }: Context, change: Change, state: string): Promise<void> {
  const outcome = await orFailure(change.write(store)).catch((error: unknown) => {
    if (!(error instanceof CallHung) || error.blocked) throw error;
    return fail(`Redis ${state}, and ${change.call} did not return within 5 s`, {
      mistake: 'waits-for-redis',
      leadsTo: 'Nobody can save anything while the cache is ill, though the database is well.',
    });
  });
  if (!(outcome instanceof CallFailed)) return;
  fail(`Redis ${state}, and ${change.call} failed: ${outcome.remote.message}`, {
    mistake: 'redis-error-fails-the-write',
    leadsTo: 'The author is told that saving failed, and saves again; but it was committed the first time.',
  });
}

/**
 * Redis answers reads, and has not taken the invalidation: the process that owes it knows better than to ask. All at once,
 * so that one reads while another sends what is owed.
 */
async function readsPastRedis({ store, mysql }: Context, { call, reads }: Change): Promise<void> {
  const [wrong] = await wrongReads(mysql, reads, store);
  if (!wrong) return;
  fail(`Redis ${noWrites}, and ${call} was done; then, in the same process, ${wrong.text}`, {
    mistake: 'reads-before-it-pays',
    leadsTo: 'Who saves is shown the old page by the very server that has just saved it.',
    hint: 'This process knows what Redis has not confirmed. Before it reads from Redis, it sends that again; while Redis does not take it, MySQL answers.',
  });
}

/** Time is made to pass, for clients that wait before they connect again. */
async function madeGood(
  { store, mysql, passTime }: Context,
  other: WritableStore,
  { call, reads }: Change,
  state: string,
): Promise<void> {
  for (let passed = 0; ; passed += stepMs) {
    const [wrong] = await wrongReads(mysql, reads, store, other);
    // Once more at the end: a client that is not connected yet reads from MySQL.
    if (passed >= limitMs && !wrong) return;
    if (passed >= limitMs) {
      fail(`Redis ${state} during ${call}; ${limitMs / 1_000} s after it was well again, ${wrong?.text}`, {
        mistake: 'invalidation-lost',
        leadsTo: 'After each failover of Redis some articles are old for a minute, and nobody can say which.',
      });
    }
    await passTime(stepMs);
  }
}
