import { setTimeout } from 'node:timers/promises';
import type { Context } from './lab-check.ts';

/** A command may be late on a busy machine, and a breaker open for it: that says nothing of what is in Redis. */
const patienceMs = 10_000;
const pauseMs = 250;

/** The same reads again and again, until none of them reaches MySQL. @returns how many did at last */
export async function selectsAtLast(
  { observe }: Pick<Context, 'observe'>,
  read: () => Promise<void>,
): Promise<number> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const { selects } = await observe(read);
    if (selects.length === 0 || performance.now() > giveUpAt) return selects.length;
    await setTimeout(pauseMs);
  }
}
