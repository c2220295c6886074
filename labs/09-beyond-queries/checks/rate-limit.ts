import { fail } from '@workshop/lab-kit';
import { count } from '../../describe.ts';
import type { Context, LabCheck } from './lab-check.ts';

const windowMs = 60_000;
/** How long Redis may keep what it knows of a visitor after their last request, ms. */
const longestMs = 120_000;

export const rateLimit: LabCheck = {
  id: 'rate-limit',
  title: 'At most 10 requests in any 60 seconds',
  expected: '10 of 60,000 ms allowed, wherever these 60,000 ms begin; what was refused does not count',
  hint: 'rate-limit.ts: a counter for each minute forgets everything when the minute turns. What must be kept to know the last 60 s?',
  hints: [
    'Ten requests at 12:00:59, ten at 12:01:00: how many were that in one second, and how many in each minute?',
    'Keep the time of each allowed request in a sorted set: ZREMRANGEBYSCORE what is older than 60 s, ZCARD, ZADD. The member has to be unique, the score is the time.',
    { file: 'rate-limit.ts', from: 'const allowScript', to: 'return 1`' },
  ],
  async run(context) {
    const { store, redis, passTime, coldCache } = context;
    // Five seconds into a minute to come: the same place in it for every run.
    const minute = Math.ceil(Date.now() / windowMs) * windowMs;
    const now = minute + 5_000;
    const turn = minute + windowMs;

    await expect(
      context,
      'ann',
      Array.from({ length: 10 }, (_, n) => now + n * 100),
      10,
    );
    await expect(context, 'ann', [now + 1_000, now + 1_500], 0);
    await expect(context, 'ann:1', [now + 1_500], 1);
    await expect(context, 'same-ms', times(12, now), 10, 'members-collide');

    // At the edge of a minute, for those who count by the minute.
    await expect(context, 'edge', times(10, turn - 100), 10);
    await expect(context, 'edge', [turn + 100, turn + 6_100], 0);
    // At the edge of a minute that began with the first request.
    await expect(context, 'steps', times(5, now), 5);
    await expect(context, 'keen', times(10, now), 10);
    await passTime(40_000);
    await expect(context, 'steps', times(5, now + 50_000), 5);
    await expect(context, 'edge', [turn + 30_000, turn + 59_800], 0);
    await expect(context, 'steps', [now + 59_990], 0);
    await expect(
      context,
      'keen',
      Array.from({ length: 15 }, (_, n) => now + 1_000 + n * 3_900),
      0,
    );
    await passTime(25_000);
    await expect(context, 'keen', [now + windowMs + 10], 1, 'refused-counts');
    await expect(context, 'steps', times(6, now + windowMs + 10), 5);
    await expect(context, 'edge', [turn + 59_910], 1);

    await coldCache();
    for (let n = 0; n < 12; n++) await store.allow('last', Date.now());
    for (const key of await redis.keys('*')) {
      const ttl = await redis.pttl(key);
      if (ttl >= 0 && ttl <= longestMs) continue;
      fail(
        `after allow() the key ${key} ${ttl < 0 ? 'has no expiry' : `lives for ${Math.round(ttl / 1000)} s`}, expected ${longestMs / 1000} s at most`,
        {
          mistake: 'left-behind',
          leadsTo:
            'Each visitor there has ever been takes memory for good; who wants to harm you sends many names.',
        },
      );
    }
    return 'no 60 s with more than 10, at 4 edges; what was refused did not count';
  },
};

const times = (number: number, at: number) => Array.from({ length: number }, () => at);

async function expect(
  { store }: Context,
  visitor: string,
  at: readonly number[],
  wanted: number,
  mistake = 'leaks-at-edge',
): Promise<void> {
  let allowed = 0;
  for (const time of at) {
    const answer = await store.allow(visitor, time);
    if (typeof answer !== 'boolean') fail(`allow() returned ${String(answer)}, expected true or false`);
    if (answer) allowed++;
  }
  if (allowed === wanted) return;
  const spanMs = at.at(-1)! - at[0]!;
  const when = `of ${count(at.length, 'request')} ${spanMs === 0 ? 'in one millisecond' : `within ${spanMs} ms`}`;
  if (allowed > wanted) {
    fail(
      `allow(): ${when} ${allowed} were allowed, expected ${wanted}; in some 60 s there are more than 10`,
      {
        mistake: mistake === 'refused-counts' ? 'leaks-at-edge' : mistake,
        leadsTo:
          'Who knows when your counter starts anew sends twice as much, or more, and the limit protects nothing.',
      },
    );
  }
  fail(
    `allow(): ${when} ${allowed} were allowed, expected ${wanted}; fewer than 10 were allowed in the 60 s before`,
    {
      mistake: mistake === 'refused-counts' ? mistake : 'refuses-too-much',
      leadsTo: 'A visitor who is within the limit is shut out, and who keeps trying never gets in again.',
    },
  );
}
