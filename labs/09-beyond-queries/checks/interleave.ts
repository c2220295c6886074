import { orFailure, type CallFailed } from '@workshop/lab-kit';
import { begun } from './begun.ts';
import { isOwnCommand } from './commands.ts';
import type { Context } from './lab-check.ts';

/** What a waiting process may take before we say that it waits, ms. Only for those who wait without asking again. */
const waitLimitMs = 2_000;
/** The same command for the same key so many times: it waits for the one that is held. */
const asksAgain = 4;
/** Beyond so many commands a single call is held no more. */
const mostCommands = 20;

export interface Interleaving<State, First, Second> {
  /** What both find, made anew each time. */
  prepare: (nth: number) => Promise<State>;
  /** Is held before its n-th command to Redis, for each n. */
  first: (state: State) => Promise<First>;
  /** Runs meanwhile, in another process. */
  second: (state: State) => Promise<Second>;
  /** @param nth how many commands of `first` Redis had answered, plus one */
  judge: (outcome: {
    state: State;
    first: First | CallFailed;
    second: Second | CallFailed;
    nth: number;
  }) => Promise<void>;
}

/**
 * Lets one call of another process run between any two commands of a call. So it is no matter of luck whether a race is seen.
 * @returns how many ways there were
 */
export async function interleave<State, First, Second>(
  { weather }: Context,
  { prepare, first, second, judge }: Interleaving<State, First, Second>,
): Promise<number> {
  for (let nth = 1; nth <= mostCommands; nth++) {
    const state = await prepare(nth);
    let commands = 0;
    const hold = weather.redis.hold((event) => isOwnCommand(event) && ++commands === nth);
    const held = hold.arrived.then(
      () => true,
      () => false,
    );
    const running = begun(orFailure(first(state)));
    const isHeld = await Promise.race([held, running.then(() => false)]);
    if (!isHeld) {
      hold.stop();
      await running;
      return nth - 1;
    }
    const other = begun(orFailure(second(state)));
    await doneOrWaiting(weather, other);
    hold.release();
    await judge({ state, first: await running, second: await other, nth });
  }
  return mostCommands;
}

/** Until the call has ended, or clearly waits for the one that is held: a lock is a right way, too. */
export async function doneOrWaiting(weather: Context['weather'], call: Promise<unknown>): Promise<void> {
  const asked = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let listener: { stop(): void } | undefined;
  const waiting = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitLimitMs);
    // Weather that never comes sees every command.
    listener = weather.redis.delay(0, (event) => {
      const [key] = event.args ?? [];
      if (!isOwnCommand(event) || !key) return false;
      const what = `${event.name} ${key.toString()}`;
      asked.set(what, (asked.get(what) ?? 0) + 1);
      if (asked.get(what) === asksAgain) resolve();
      return false;
    });
  });
  await Promise.race([call.then(() => undefined), waiting]);
  listener?.stop();
  clearTimeout(timer);
}
