import { setTimeout } from 'node:timers/promises';
import type { CheckContext } from '@workshop/lab-kit';

const stepMs = 250;

/**
 * Tries until it is good. Clients wait longer and longer between attempts to connect: time is made to pass for them.
 * What no clock can hurry has as much of the real one.
 * @returns how many attempts it took; undefined when time was up
 */
export async function attemptsUntil(
  isGood: () => Promise<boolean>,
  passTime: CheckContext['passTime'],
  limitMs: number,
): Promise<number | undefined> {
  const deadline = performance.now() + limitMs;
  let passedMs = 0;
  for (let attempts = 1; ; attempts++) {
    if (await isGood()) return attempts;
    if (passedMs < limitMs) {
      await passTime(stepMs);
      passedMs += stepMs;
    } else if (performance.now() < deadline) {
      await setTimeout(stepMs);
    } else {
      return undefined;
    }
  }
}
