import { CallFailed, fail, orFailure, type CheckContext } from '@workshop/lab-kit';
import { attemptsUntil } from './attempts.ts';
import type { Read } from './reads.ts';

/** How long a client may take to find Redis again, ms. */
const limitMs = 10_000;

/**
 * Reads until one is a hit.
 * @param since "Redis came back": what is being waited for since
 * @returns what was seen
 */
export async function hitAgain(
  { observe, passTime }: Pick<CheckContext, 'observe' | 'passTime'>,
  { call, read }: Read,
  since: string,
): Promise<string> {
  let reads = 0;
  const isHit = async () => {
    reads++;
    const seen = await observe(async () => await orFailure(read()));
    return seen.selects.length === 0 && !(seen.value instanceof CallFailed);
  };
  if (await attemptsUntil(isHit, passTime, limitMs)) return `a hit again, at read ${reads}`;
  return fail(`${limitMs / 1_000} s after ${since}, none of ${reads} times ${call} was a hit`, {
    mistake: 'gives-up-for-good',
    leadsTo:
      'After a failover of a few seconds the database carries everything until somebody restarts the servers.',
  });
}

/** How often a client may be asked before it has connected. */
const mostBefore = 10;

/** Whoever never has a hit would wait for one in vain. */
export async function hitBefore(
  { observe }: Pick<CheckContext, 'observe'>,
  { call, read }: Read,
  event: string,
): Promise<void> {
  for (let reads = 0; reads < mostBefore; reads++) {
    const seen = await observe(read);
    if (reads > 0 && seen.selects.length === 0) return;
  }
  fail(`${mostBefore} times ${call} before ${event}, and none was a hit; there can be none after it`, {
    hint: 'The checks above come first.',
  });
}
