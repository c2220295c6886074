import type { Learners } from './learners.ts';
import type { Space } from './space.ts';

/** Steps of one span, when timers keep coming: more would only cost time. */
const mostSteps = 200;

/**
 * Every key with an expiry loses so much of it; those due are gone. A key whose expiry is still the one it was left with, a pair of arguments each, is given
 * back what the server's own clock took meanwhile. Returns such pairs for the next time.
 */
const ageKeys = `
local step, stood, leftWith = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
for at = 3, #ARGV, 2 do leftWith[ARGV[at]] = tonumber(ARGV[at + 1]) end
local pairs = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then
    local change = step
    if leftWith[key] == redis.call('PEXPIRETIME', key) then change = step - stood end
    if change ~= 0 then redis.call('PEXPIRE', key, left - change) end
    table.insert(pairs, key)
    table.insert(pairs, string.format('%.0f', redis.call('PEXPIRETIME', key)))
  end
end
return pairs`;

/**
 * Lets time pass from timer to timer, for Redis and for the learner's processes: a lock that a timer renews stays
 * renewed, and one that nobody renews is gone when its time has come. Meanwhile nothing else moves their clocks: how long it
 * takes this machine makes no difference.
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
  let agedAt = Math.floor(performance.now());
  let leftWith: string[] = [];
  const age = async (stepMs: number) => {
    const now = Math.floor(performance.now());
    const stoodMs = now - agedAt;
    agedAt = now;
    redisClock.aheadMs += stepMs - stoodMs;
    leftWith = (await redis.eval(ageKeys, 0, stepMs, stoodMs, ...leftWith)) as string[];
  };
  const leastMs = ms / mostSteps;
  await learners.holdTime(async () => {
    await age(0);
    let { nextMs, rested } = await settle(true);
    for (let leftMs = ms; leftMs > 0;) {
      const stepMs = Math.min(leftMs, Math.ceil(Math.max(leastMs, nextMs)));
      await age(stepMs);
      await learners.advance(stepMs);
      // Code that asks without end never comes to rest: it is waited for once.
      ({ nextMs, rested } = await settle(rested));
      leftMs -= stepMs;
    }
    await age(0);
  });
}
