import { CallFailed, orFailure, type RedisEvent } from '@workshop/lab-kit';
import type { Read } from '../../shared/reads.ts';
import type { Context } from './lab-check.ts';

/**
 * Whether Redis may do something else after this command and before the next: commands within a transaction are one
 * step, which begins with MULTI and ends with EXEC.
 */
export function isStep({ kind, name, transaction }: RedisEvent): boolean {
  return (
    kind === 'command' &&
    (transaction === undefined || name === 'MULTI' || name === 'EXEC' || name === 'DISCARD')
  );
}

interface Between {
  /** The command is at the door, and Redis has done all that came before. */
  before?(step: number): Promise<void>;
  /** Redis has done it, and the learner's code does not know yet. */
  after?(step: number, command: RedisEvent): Promise<void>;
}

/**
 * A read, stopped before and after each of its first `count` commands. Pipelined ones are stopped one by one, too.
 * @returns what it returned
 */
export async function stepThrough(
  { weather, holdTime }: Context,
  { read }: Read,
  count: number,
  between: Between,
): Promise<unknown> {
  const commands: RedisEvent[] = [];
  const isNumber = (step: number) => (event: RedisEvent) => {
    if (isStep(event) && !commands.includes(event)) commands.push(event);
    return commands[step] === event;
  };
  const holds = Array.from({ length: count }, (_, step) => ({
    request: weather.redis.hold(isNumber(step)),
    reply: weather.redis.hold(isNumber(step), { at: 'reply' }),
  }));
  const answer = orFailure(read());
  // What has not come when the read has returned and all is at rest, does not come.
  const unlessOver = async <T>(arrived: Promise<T>) =>
    await Promise.race([arrived, answer.then(async () => await holdTime(async () => undefined))]);
  for (const [step, { request, reply }] of holds.entries()) {
    const command = await unlessOver(request.arrived);
    if (!command) break;
    await between.before?.(step);
    request.release();
    if (!(await unlessOver(reply.arrived))) break;
    await between.after?.(step, command);
    reply.release();
  }
  weather.redis.clear();
  const value = await answer;
  if (value instanceof CallFailed) throw value;
  return value;
}
