import { systemTime } from '@workshop/cache';
import type { BreakableRedis } from './breakable-redis.ts';
import type { Fault } from './fault.ts';

export const stop: Fault = {
  name: 'stop',
  title: 'Redis is gone',
  does: 'Kills the server. It comes back empty.',
  effect:
    'MySQL answers every query: slower, but none fails. Once Redis is back, each query is a miss, then a hit again.',
  button: 'Stop Redis',
  async break({ redis }) {
    await redis.kill('SIGKILL');
    return () => redis.restart();
  },
};

/** Who asks again and again waits this long each time, in milliseconds: the answer comes as it begins to stand still again. */
const STILL_MS = 80;
/** Enough to answer those who wait, and too short for their next question. */
const AWAKE_MS = 2;

export const slow: Fault = {
  name: 'slow',
  title: 'Redis is slow',
  does: `Stands still for ${STILL_MS} ms at a time, as if each were spent on a slow command.`,
  effect: `A hit takes about ${STILL_MS} ms in place of 1, and is still a hit: it stays within the time-out.`,
  button: 'Slow Redis down',
  async break({ redis }) {
    const ending = new AbortController();
    const pulses = pulse(redis, ending.signal);
    // Its failure is the mending's to tell.
    pulses.catch(() => {});
    return async () => {
      ending.abort();
      try {
        await pulses;
      } finally {
        await redis.kill('SIGCONT');
      }
    };
  },
};

/** Lets the server run for a moment only, again and again, until the signal or until there is no server any more. */
async function pulse(redis: BreakableRedis, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await redis.kill('SIGSTOP'))) {
    await systemTime.delay(STILL_MS, signal);
    await redis.kill('SIGCONT');
    await systemTime.delay(AWAKE_MS, signal);
  }
}

export const hang: Fault = {
  name: 'hang',
  title: 'Redis hangs',
  does: 'Keeps its connections, and answers nobody.',
  effect:
    'The first queries wait until their time-out. Then the circuit breaker opens: MySQL answers at once, and one query in a second tries Redis again.',
  button: 'Let Redis hang',
  async break({ redis }) {
    await redis.kill('SIGSTOP');
    return async () => {
      await redis.kill('SIGCONT');
    };
  },
};
