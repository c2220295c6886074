import { fail } from '@workshop/lab-kit';
import { entries, expiringEntriesOf } from './entries.ts';
import type { Context } from './lab-check.ts';
import type { TimedRead } from './reads.ts';

/** What a life may be, seconds. The guide asks for 60 and 10, each give or take a tenth. */
const limits = { found: { least: 45, most: 75 }, none: { least: 5, most: 20 } };

export const livesExpected = `found: ${limits.found.least} to ${limits.found.most} s; "there is none": ${limits.none.least} to ${limits.none.most} s`;

/** How long the entry of a read lives. */
export async function judgeLife(context: Context, read: TimedRead): Promise<void> {
  const found = await expiringEntriesOf(context, read);
  // Beside the answer there may be keys that live shorter, such as a lock.
  const longest = found.reduce((a, b) => (b.leftMs > a.leftMs ? b : a));
  const state = read.kind === 'none' ? ' found nothing' : '';
  judgeLimits(read.kind, longest.leftMs, `${read.call}${state}: its key ${longest.name} lives for`);
}

/** @param what what lives so long, and "lives for" */
export function judgeLimits(kind: TimedRead['kind'], leftMs: number, what: string): void {
  const { least, most } = limits[kind];
  if (leftMs < least * 1_000) {
    fail(`${what} ${(leftMs / 1_000).toFixed(1)} s`, {
      mistake: 'life-too-short',
      leadsTo: 'The entry is gone before the next visitor comes: the database carries the reads.',
    });
  }
  if (leftMs <= most * 1_000) return;
  const seen = `${what} ${time(leftMs)}`;
  if (kind === 'none') {
    fail(seen, {
      mistake: 'none-lives-long',
      leadsTo: 'What is published now is "not found" for as long, for everyone who asks.',
    });
  }
  fail(seen, { mistake: 'life-too-long', leadsTo: 'What changed in MySQL is served old for all that time.' });
}

/** What an entry is left with before it is read, ms. */
const left = 3_000;

/** Whether a hit leaves the life of its entry as it is. */
export async function judgeHits(context: Context, read: TimedRead): Promise<void> {
  const { redis, observe } = context;
  for (const { key } of await expiringEntriesOf(context, read)) await redis.pexpire(key, left, 'LT');
  const hits = await observe(async () => {
    for (let n = 0; n < 3; n++) await read.read();
  });
  // Loaded anew, say just before its end: a new life is right.
  if (hits.selects.length > 0) return;
  for (const { name, leftMs } of await entries(redis)) {
    if (leftMs >= 0 && leftMs <= left) continue;
    const now = leftMs === -1 ? 'no expiry any more' : time(leftMs);
    fail(`${read.call}: the key ${name} had ${time(left)} to live, and after 3 hits it has ${now}`, {
      mistake: 'renewed-by-reads',
      leadsTo: 'What is read often never expires: the busiest page is the one that stays old for good.',
      hint: 'EXPIRE, GETEX, PERSIST or another SET on a hit give the entry a new life. A hit only looks.',
    });
  }
}

/** Rounded up: what was stored for a minute has a little less left when it is looked at. */
function time(ms: number): string {
  return `${Math.ceil(ms / 1_000)} s`;
}
