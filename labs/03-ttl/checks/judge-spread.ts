import { fail, type Observation } from '@workshop/lab-kit';
import { entries, type Entry } from './entries.ts';
import { judgeLimits } from './judge-life.ts';
import type { Context } from './lab-check.ts';
import type { TimedRead } from './reads.ts';

/** How many are read together. */
const together = 40;
/** By how much the longest life must be above the shortest, as a part of the mean. */
const leastSpread = 0.05;
/** In how many different seconds lives of a minute must end: two heaps are no spread. */
const leastSeconds = 4;

export const spreadExpected = `${together} answers read together: the longest life is above the shortest by at least 5 % of the mean, and they end in at least ${leastSeconds} different seconds`;

interface Batch {
  /** In the plural. */
  what: string;
  kind: TimedRead['kind'];
  /** The nth of them. */
  read: (n: number) => Promise<unknown>;
}

/** Whether entries that are stored together expire apart. */
export async function judgeSpread(
  { redis, coldCache, observe }: Context,
  { what, kind, read }: Batch,
): Promise<void> {
  await coldCache();
  const seen = await observe(
    async () => await Promise.all(Array.from({ length: together }, (_, n) => read(n + 1))),
  );
  const all = (await entries(redis)).toSorted((a, b) => b.leftMs - a.leftMs);
  const leadsTo =
    'One quiet minute, then one second in which everything is loaded at once: MySQL sees a wave a minute.';
  if (all.length < together) {
    fail(`${together} ${what} were read together, and ${all.length} keys are in Redis`, {
      mistake: 'entries-shared',
      expected: 'a key for each answer',
      leadsTo,
    });
  }
  const kept = all.slice(0, together);
  for (const entry of [kept[0], kept.at(-1)]) {
    if (entry) judgeLimits(kind, entry.leftMs, `of ${together} ${what}, read together, one lives for`);
  }
  const lives = kept.map((entry) => lifeOf(entry, seen));
  const spreadMs =
    Math.max(...lives.map(({ leastMs }) => leastMs)) - Math.min(...lives.map(({ mostMs }) => mostMs));
  const text = `${together} ${what}, read together, have ${seconds(kept.at(-1))} to ${seconds(kept[0])} s to live`;
  const meanMs = kind === 'found' ? 60_000 : 10_000;
  if (spreadMs < leastSpread * meanMs) fail(text, { mistake: 'equal-lives', leadsTo });
  const ends = heaps(lives.map(({ mostMs }) => mostMs));
  if (kind === 'found' && ends < leastSeconds) {
    fail(`${text}, and end in ${ends} different seconds`, { mistake: 'equal-lives', leadsTo });
  }
}

/**
 * How long an entry lives, from a moment that is the same for all of them. It was stored while the last command that
 * names its key was under way: on a busy machine equal lives begin, and end, a second apart.
 */
function lifeOf({ key, leftMs }: Entry, seen: Observation): { leastMs: number; mostMs: number } {
  const naming = seen.redis.filter(({ args }) => args?.some((arg) => arg.equals(key)));
  // A script can make the name of a key: then it was stored at any time of these.
  const storing = naming.length > 0 ? naming.slice(-1) : seen.redis;
  const from = Math.min(...storing.map(({ startedAt }) => startedAt));
  const to = Math.max(...storing.map(({ startedAt, endedAt = startedAt }) => endedAt));
  return { leastMs: leftMs - to, mostMs: leftMs - from };
}

/** In how many spans of less than a second all of these lie. */
function heaps(times: number[]): number {
  let count = 0;
  let begin = -Infinity;
  for (const time of times.toSorted((a, b) => a - b)) {
    if (time < begin + 900) continue;
    count++;
    begin = time;
  }
  return count;
}

function seconds(entry: Entry | undefined): string {
  return ((entry?.leftMs ?? 0) / 1_000).toFixed(1);
}
