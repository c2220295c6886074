import type { ChainableCommander, Redis } from 'ioredis';

/** What to do with what was read: the commands to run, or undefined for none, and the answer. */
export interface Plan<T> {
  commands: ChainableCommander | undefined;
  answer: T;
}

/**
 * Reads, then writes only if nothing that was read has changed, else again. WATCH holds for a whole connection, so the
 * calls of a process take turns on one of their own.
 */
export function createWatched(redis: Redis): {
  run<T>(keys: string[], plan: (own: Redis) => Promise<Plan<T>>): Promise<T>;
  close(): void;
} {
  const own = redis.duplicate();
  own.on('error', () => undefined);
  let turn: Promise<unknown> = Promise.resolve();

  async function attempt<T>(keys: string[], plan: (client: Redis) => Promise<Plan<T>>): Promise<T> {
    for (;;) {
      await own.watch(...keys);
      const { commands, answer } = await plan(own);
      if (!commands) {
        await own.unwatch();
        return answer;
      }
      if ((await commands.exec()) !== null) return answer;
    }
  }

  return {
    async run(keys, plan) {
      const mine = turn.then(async () => await attempt(keys, plan));
      turn = mine.catch(() => undefined);
      return await mine;
    },
    close: () => own.disconnect(),
  };
}
