import { fail, type CallFailed, type MysqlEvent } from '@workshop/lab-kit';
import { isSelect, passUntilOver, start, type Pending } from '../../shared/held.ts';
import { byId, type HotRead } from '../../shared/hot-reads.ts';
import type { Context } from './lab-check.ts';

/** Whatever the weather, a call has ended by then, ms. */
export const limitMs = 3_000;
/** Who ends just then is right, and must not depend on luck. */
const graceMs = 500;

/** Waits for a call, by the clock of the learner's process. @param state "MySQL does not answer": how a message begins */
export async function inTime<T>(
  context: Context,
  pending: Pending<T>,
  call: string,
  state: string,
): Promise<T | CallFailed> {
  if (await passUntilOver(context, pending, limitMs + graceMs)) return await pending.outcome;
  return waitsOn(call, state);
}

function waitsOn(call: string, state: string): never {
  return fail(`${state}: ${call} was neither answered nor refused within ${limitMs / 1_000} s`, {
    mistake: 'waits-without-end',
    leadsTo:
      'Every request of the site that needs MySQL hangs with it, until the servers have no memory and no sockets left.',
  });
}

/** A call that has begun. */
export interface Begun {
  call: string;
  pending: Pending<unknown>;
}

/** Waits for calls that began at the same time. @returns what came of each */
export async function allOver(context: Context, calls: readonly Begun[], state: string): Promise<unknown[]> {
  const outcomes = async () => await Promise.all(calls.map(async ({ pending }) => await pending.outcome));
  await passUntilOver(context, start(outcomes()), limitMs + graceMs);
  const late = calls.find(({ pending }) => !pending.isOver());
  if (late) waitsOn(late.call, state);
  return await outcomes();
}

/** All of them at once. @returns what came of each */
export async function allInTime(
  context: Context,
  reads: readonly HotRead[],
  state: string,
  stores: readonly Context['store'][] = [context.store],
): Promise<unknown[]> {
  const calls = stores.flatMap((store) =>
    reads.map((read) => ({ call: read.call, pending: start(read.of(store)) })),
  );
  return await allOver(context, calls, state);
}

/** Reads of articles, each with a load of its own. */
export function articles(from: number, count: number): HotRead[] {
  return Array.from({ length: count }, (_, index) => byId(from + index));
}

/** A weather for which queries it is for, until it is told that it is over: those that are held stay held. */
export function untilOver(): { match: (event: MysqlEvent) => boolean; over(): void } {
  let isOver = false;
  return {
    match: (event) => !isOver && isSelect(event),
    over() {
      isOver = true;
    },
  };
}
