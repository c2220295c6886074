import {
  Observation,
  orFailure,
  type CallFailed,
  type CheckContext,
  type MysqlEvent,
} from '@workshop/lab-kit';

/** A query that reads rows, as opposed to one about the session or the plan. */
export function isSelect(event: MysqlEvent): boolean {
  return new Observation([event]).selects.length > 0;
}

/** A call that is under way. */
export interface Pending<T> {
  /** The value, or the failure of the learner's code. */
  outcome: Promise<T | CallFailed>;
  isOver(): boolean;
}

export function start<T>(call: Promise<T>): Pending<T> {
  let over = false;
  const outcome = orFailure(call).finally(() => {
    over = true;
  });
  // Whoever awaits it hears of a failure; until then it must not end our process.
  outcome.catch(() => {});
  return { outcome, isOver: () => over };
}

/** What is asked by `weather.mysql.hold`: whether its event has come. */
export function arrivalOf(hold: { arrived: Promise<unknown> }): { isThere(): boolean } {
  let there = false;
  hold.arrived.then(
    () => {
      there = true;
    },
    // The hold ended before one came.
    () => {},
  );
  return { isThere: () => there };
}

const stepMs = 250;

/** Lets time pass until the call is over, as far as `mostMs`. @returns whether it is */
export async function passUntilOver(
  { passTime, observe }: Pick<CheckContext, 'passTime' | 'observe'>,
  call: Pending<unknown>,
  mostMs: number,
): Promise<boolean> {
  for (let passed = 0; passed < mostMs && !call.isOver(); passed += stepMs) await passTime(stepMs);
  // An answer may be on its way from the process.
  await observe(async () => {});
  return call.isOver();
}
