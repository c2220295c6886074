import type { Learners } from './learners.ts';
import type { Space } from './space.ts';

/** Steps of one span, when timers keep coming: more would only cost time. */
const mostSteps = 200;

/** Every key with an expiry loses so much of it; those due are gone. */
const ageKeys = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - ARGV[1]) end
end`;

/**
 * Lets time pass from timer to timer, for Redis and for the learner's processes: a lock that a timer renews stays
 * renewed, and one that nobody renews is gone when its time has come.
 * @param settle waits for what the timers asked of the stores, says when the next timer is, and whether it came to an end
 */
export async function passTime(
  ms: number,
  { redis, redisClock }: Space,
  learners: Learners,
  settle: (patient: boolean) => Promise<{ nextMs: number; rested: boolean }>,
): Promise<void> {
  if (!Number.isSafeInteger(ms) || ms < 1)
    throw new TypeError(`passTime: whole milliseconds wanted, got ${ms}`);
  const leastMs = ms / mostSteps;
  let { nextMs, rested } = await settle(true);
  for (let leftMs = ms; leftMs > 0;) {
    const stepMs = Math.min(leftMs, Math.ceil(Math.max(leastMs, nextMs)));
    redisClock.aheadMs += stepMs;
    await redis.eval(ageKeys, 0, stepMs);
    await learners.advance(stepMs);
    // Code that asks without end never comes to rest: it is waited for once.
    ({ nextMs, rested } = await settle(rested));
    leftMs -= stepMs;
  }
}
