import { BadParameterError } from '../errors.ts';
import type { BreakableRedis } from './breakable-redis.ts';
import type { Fault } from './fault.ts';

export const expire: Fault = {
  name: 'expire',
  title: 'A hot key has expired',
  does: 'Ends the time of one key: the one that is asked for most, or the one that you name.',
  effect:
    'The next query for it is a miss, and a hit again after that. However many ask at once, MySQL is asked by one.',
  button: 'Expire the key',
  async break({ redis, key, hotKeys }) {
    if (key !== undefined) {
      if (await hasExpired(redis, key)) return undefined;
      throw new BadParameterError('key', `must be a key in Redis, and ${JSON.stringify(key)} is none`);
    }
    for (const each of hotKeys) {
      if (await hasExpired(redis, each)) return undefined;
    }
    throw new BadParameterError(
      'key',
      'must be named: none of the keys that were asked for is in Redis now. Query the cache first',
    );
  },
};

/** With a millisecond left, it ends as any other does, and counts as expired. Resolves once it has. */
async function hasExpired(redis: BreakableRedis, key: string): Promise<boolean> {
  if ((await redis.ask('PEXPIRE', key, 1)) !== 1) return false;
  let leftMs: number;
  do {
    leftMs = Number(await redis.ask('PTTL', key));
    // Negative when it is gone; and whoever has loaded it again by now gave it more.
  } while (leftMs === 0 || leftMs === 1);
  return true;
}
