import {
  orFailure,
  withoutComments,
  type CallFailed,
  type CheckContext,
  type WireEvent,
} from '@workshop/lab-kit';
import { start } from '../../shared/held.ts';

type Context = Pick<CheckContext, 'weather' | 'holdTime'>;

/** A call is never stopped at more places than this. */
export const mostSteps = 40;

/** What clients send by themselves when they connect. */
const setUp = new Set(['HELLO', 'AUTH', 'SELECT', 'CLIENT', 'INFO', 'PING', 'COMMAND', 'READONLY', 'QUIT']);

/** A step of a call: a statement, or a command. */
export function isStep(event: WireEvent): boolean {
  if (event.store === 'mysql') return event.kind === 'query' || event.kind === 'execute';
  // What a transaction queues has no effect before its EXEC.
  const isQueued = event.transaction !== undefined && event.name !== 'EXEC';
  return event.kind === 'command' && !isQueued && !setUp.has(event.name ?? '');
}

/** A statement that may change rows, or make changes count. */
export function mayChange(event: WireEvent): boolean {
  const changing = /\b(?:start|begin|insert|update|replace|delete|commit|call|execute)\b/i;
  return event.store === 'mysql' && isStep(event) && changing.test(event.sql ?? '');
}

/** A call that has come as far as one of its steps, and waits there. */
export interface Stopped<T> {
  step: WireEvent;
  /** It has settled, though it was stopped: it does not wait for this step. */
  isOver(): boolean;
  /** Lets it go on, to its end. */
  goOn(): Promise<T | CallFailed>;
}

/**
 * Begins a call and stops it at one of its steps: before the store hears of it, or `at: 'reply'`, when the store has
 * answered and the caller does not know yet.
 * @returns undefined when it has no such step; then it is over
 */
export async function stopAt<T>(
  { weather, holdTime }: Context,
  step: number,
  call: () => Promise<T>,
  at: 'request' | 'reply' = 'request',
): Promise<Stopped<T> | undefined> {
  let steps = 0;
  const match = (event: WireEvent) => isStep(event) && steps++ === step;
  const holds = [weather.mysql.hold(match, { at }), weather.redis.hold(match, { at })];
  let over = false;
  const outcome = awaitedLater(
    orFailure(call()).finally(() => {
      over = true;
    }),
  );
  const goOn = async () => {
    for (const hold of holds) hold.release();
    return await outcome;
  };
  // A step that the call does not wait for may come after its end.
  const atRest = outcome.then(async () => await holdTime(async () => undefined));
  const stopped = await Promise.race([...holds.map(({ arrived }) => arrived), atRest]);
  if (stopped) return { step: stopped, isOver: () => over, goOn };
  await goOn();
  return undefined;
}

/** A check that is over before it comes to a call it began must not leave a rejection that nobody handles. */
export function awaitedLater<T>(call: Promise<T>): Promise<T> {
  call.catch(() => {});
  return call;
}

/**
 * Whether a call ends while another is stopped. One that does not may be waiting for it, by a lock, and rightly so:
 * then there is nothing to see here. Time stands meanwhile, or the one that is stopped might give up.
 */
export async function endsMeanwhile(
  { holdTime }: Pick<Context, 'holdTime'>,
  call: Promise<unknown>,
): Promise<boolean> {
  const pending = start(call);
  await holdTime(async () => {});
  return pending.isOver();
}

/** The beginning of a statement, for a message. */
export function beginningOf(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > 30 ? `${line.slice(0, 27)}...` : line;
}

/** "SELECT", "SET": what a step is called in a message. */
export function nameOf(step: WireEvent): string {
  if (step.store === 'redis') return step.name ?? 'command';
  return /^\w+/.exec(withoutComments(step.sql ?? ''))?.[0].toUpperCase() ?? 'statement';
}
