import { setTimeout } from 'node:timers/promises';
import { CallFailed, CallHung, fail, orFailure } from '@workshop/lab-kit';
import { describe } from '../../describe.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { compare, searches } from './places.ts';

const place = searches[0]!;
/** How long a client may take to find Redis again, ms. */
const limitMs = 10_000;

export const redisAway: LabCheck = {
  id: 'redis-away',
  title: 'Without Redis a call rejects, in time and without an answer made up',
  expected:
    'Redis hangs, then refuses: each of 15 calls rejects within 5 s; when it is back they are answered',
  hint: 'site.ts: this is no cache. What would `false`, [] or undefined tell the caller while Redis is away?',
  hints: [
    'A visitor asks whether they are signed in, and Redis does not answer. Is "no" true?',
    'Let the error through, and make it come in time: `commandTimeout` for a Redis that hangs, `maxRetriesPerRequest` for one that refuses. Both are options of the client.',
    { file: 'site.ts', from: 'commandTimeout', to: 'retryStrategy' },
  ],
  async run(context) {
    const { store, weather } = context;
    const id = await store.signIn('ann');
    await store.citiesNear(...place);
    const hang = weather.redis.hang();
    await allReject(context, id, 'Redis hangs');
    hang.stop();
    await answersAgain(context, 'hung');
    const refusal = weather.redis.refuse();
    await allReject(context, id, 'Redis refuses connections');
    refusal.stop();
    await answersAgain(context, 'refused connections');
    return '15 calls rejected, twice, and answered when Redis was back';
  },
};

async function allReject({ store }: Context, id: string, state: string): Promise<void> {
  const calls: Record<string, () => Promise<unknown>> = {
    signIn: () => store.signIn('bob'),
    session: () => store.session(id),
    remember: () => store.remember(id, 'a', 'b'),
    signOut: () => store.signOut('no-such-session'),
    signOutEverywhere: () => store.signOutEverywhere('nobody'),
    addPoints: () => store.addPoints('ann', 5),
    top: () => store.top(3),
    standing: () => store.standing('ann'),
    allow: () => store.allow('ann', Date.now()),
    citiesNear: () => store.citiesNear(...place),
    countReader: () => store.countReader(1, 'ann'),
    uniqueReaders: () => store.uniqueReaders([1]),
    publishNews: () => store.publishNews('news'),
    newsSince: () => store.newsSince(),
    nextNews: () => store.nextNews(undefined, 100),
  };
  const answers = await Promise.all(
    Object.entries(calls).map(async ([name, call]) => [name, await outcome(call())] as const),
  );
  for (const [name, answer] of answers) {
    if (answer instanceof CallFailed) continue;
    if (answer instanceof CallHung) {
      fail(`${state}, and ${name}() did not settle within 5 s`, {
        mistake: 'waits-for-redis',
        leadsTo: 'Every page of the site hangs, and each waiting request keeps its memory.',
      });
    }
    if (name === 'citiesNear' && Array.isArray(answer)) compare(place, answer);
    else {
      fail(`${state}, and ${name}() returned ${describe(answer)}, expected a rejection`, {
        mistake: 'made-up-answer',
        leadsTo:
          'Everybody is signed out, the list of the best is empty, and nobody sees that Redis is the reason.',
      });
    }
  }
}

async function outcome(call: Promise<unknown>): Promise<unknown> {
  return await orFailure(call).catch((error: unknown) => {
    if (error instanceof CallHung && !error.blocked) return error;
    throw error;
  });
}

/** The wait is for the answer; its limit is far beyond a sane one. */
export async function answersAgain({ store }: Pick<Context, 'store'>, state: string): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await outcome(store.top(3));
    if (Array.isArray(answer)) return;
    if (performance.now() > deadline) {
      fail(`Redis ${state} for a moment, and ${limitMs / 1000} s after it was back top(3) is not answered`, {
        mistake: 'gives-up-for-good',
        leadsTo: 'After a failover of a few seconds the site stays down until somebody restarts the servers.',
        hint: 'ioredis connects again by itself, unless `retryStrategy` or a `disconnect()` tells it not to.',
      });
    }
    await setTimeout(10);
  }
}
