import { CacheOptionError } from './errors.ts';
import type { Plan } from './load-options.ts';
import { checkTtl } from './load-options.ts';
import type { Time } from './time.ts';
import type { EntryHeader } from './value/entry.ts';

/**
 * `fresh`: serve it. `early`: serve it, and refresh it ahead of its end. `stale`: serve it, and refresh it. `spare`: only if a load fails.
 * `dead`: not at all.
 */
export type Freshness = 'fresh' | 'early' | 'stale' | 'spare' | 'dead';

/** How good a stored value still is. An entry without times is fresh: Redis itself ends it. */
export function freshnessOf(header: EntryHeader, plan: Plan, { now, random }: Time): Freshness {
  const { loadedAt, freshMs, loadMs } = header;
  if (loadedAt === undefined || freshMs === undefined) return 'fresh';
  const leftMs = loadedAt + freshMs - now();
  if (leftMs > 0) {
    // XFetch: -ln(random) has the mean 1, so the refresh begins, in the mean, beta load times before the end.
    const isEarly =
      plan.beta > 0 && loadMs !== undefined && loadMs * plan.beta * -Math.log(1 - random()) >= leftMs;
    return isEarly ? 'early' : 'fresh';
  }
  if (-leftMs < plan.swrMs) return 'stale';
  return -leftMs < plan.sieMs ? 'spare' : 'dead';
}

/** How long a value is to be fresh and how long Redis is to keep it, in whole milliseconds; undefined: do not keep it. */
export function lifetimeOf(
  value: unknown,
  plan: Plan,
  random: () => number,
): { freshMs: number; keepMs: number } | undefined {
  const isAbsent = value === null || value === undefined;
  const ttlMs = isAbsent ? absentTtl(plan) : ttlFrom(value, plan);
  if (ttlMs === 0) return undefined;
  const freshMs = Math.max(1, Math.floor(ttlMs * (1 - plan.jitter * random())));
  return { freshMs, keepMs: Math.ceil(freshMs + Math.max(plan.swrMs, plan.sieMs)) };
}

/** A function of the value is not asked about one that is not there. */
function absentTtl({ absentTtlMs, ttlMs }: Plan): number {
  return absentTtlMs ?? (typeof ttlMs === 'number' ? ttlMs : 0);
}

function ttlFrom(value: unknown, { ttlMs }: Plan): number {
  if (typeof ttlMs === 'number') return ttlMs;
  let told: unknown;
  try {
    told = (ttlMs as (value: unknown) => unknown)(value);
  } catch (error) {
    throw new CacheOptionError('ttlMs(value)', error, 'a function that does not throw');
  }
  if (told === 0) return 0;
  // It is refused below; how it ends is nobody's concern.
  if (told instanceof Promise) told.catch(() => {});
  return checkTtl(told, 'ttlMs(value)');
}

/** Whether a plan's values must carry their times. */
export function needsTimes(plan: Plan): boolean {
  return plan.swrMs > 0 || plan.sieMs > 0 || plan.beta > 0;
}
