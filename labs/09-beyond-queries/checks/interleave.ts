import { orFailure, type CallFailed } from '@workshop/lab-kit';
import { begun } from './begun.ts';
import { isOwnCommand } from './commands.ts';
import type { Context } from './lab-check.ts';

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
  { weather, holdTime }: Context,
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
    // A command that the call does not wait for may come after its end.
    const isOver = running.then(async () => await holdTime(async () => false));
    const isHeld = await Promise.race([held, isOver]);
    if (!isHeld) {
      hold.stop();
      await running;
      return nth - 1;
    }
    const other = begun(orFailure(second(state)));
    await doneOrWaiting({ holdTime });
    hold.release();
    await judge({ state, first: await running, second: await other, nth });
  }
  return mostCommands;
}

/**
 * Until calls that were begun have ended, or wait for the one that is held: a lock is a right way, too. Time stands
 * meanwhile, or the one that is held might give up.
 */
export async function doneOrWaiting({ holdTime }: Pick<Context, 'holdTime'>): Promise<void> {
  await holdTime(async () => {});
}
