import { CallFailed, fail, type FailureDetails } from '@workshop/lab-kit';
import { start } from '../../shared/held.ts';
import type { HotRead } from '../../shared/hot-reads.ts';
import { unlike } from '../../describe.ts';
import { attemptsUntil } from '../../shared/attempts.ts';
import { inTime } from './in-time.ts';
import type { Context } from './lab-check.ts';

/** By then all is as before, ms after the cause is gone. */
export const wellAgainMs = 10_000;

/** Reads until the answer is what MySQL holds now. @param since "MySQL answers again": how a message begins */
export async function wellAgain(
  context: Context,
  read: HotRead,
  since: string,
  whyNot: FailureDetails = {
    mistake: 'gives-up-for-good',
    leadsTo: 'The database is well, and the site stays down until somebody restarts the servers.',
  },
): Promise<void> {
  const { store, mysql, passTime } = context;
  const wanted = await read.wanted(mysql);
  let last = '';
  const isRight = async () => {
    const value = await inTime(context, start(read.of(store)), read.call, since);
    last = value instanceof CallFailed ? `fails: ${value.remote.message}` : (unlike(value, wanted) ?? '');
    return last === '';
  };
  if ((await attemptsUntil(isRight, passTime, wellAgainMs)) !== undefined) return;
  fail(`${since}; ${wellAgainMs / 1_000} s later ${read.call} still ${last}`, whyNot);
}
