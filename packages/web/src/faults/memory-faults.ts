import type { BreakableRedis } from './breakable-redis.ts';
import type { Fault } from './fault.ts';

export const fill: Fault = {
  name: 'fill',
  title: 'Redis is full',
  does: 'Writes until its memory is used up, and forbids it to evict (noeviction).',
  effect:
    'What is cached is still a hit. What is not is a miss each time, since Redis refuses to store it (OOM).',
  button: 'Fill its memory',
  async break({ redis }) {
    const policy = await getConfig(redis, 'maxmemory-policy');
    await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await redis.fill();
    return async () => {
      // First, or what is evicted would be the demo's own keys: they are the older ones.
      await removeFiller(redis);
      await redis.ask('CONFIG', 'SET', 'maxmemory-policy', policy);
    };
  },
};

/** Room for this much beyond what Redis needs for itself, in bytes: a few results of 500 rows, one of them being sent. */
const ROOM = 1024 * 1024;

export const evict: Fault = {
  name: 'evict',
  title: 'Redis evicts',
  does: `Takes its memory away, all but ${ROOM / 1024 / 1024} MB. What was not used for the longest is evicted (allkeys-lru).`,
  effect:
    'What was cached goes, and there is room for about four results. Ask five others, then the first again: a miss.',
  button: 'Make it evict',
  async break({ redis }) {
    const [limit, policy] = [await getConfig(redis, 'maxmemory'), await getConfig(redis, 'maxmemory-policy')];
    const memory = String(await redis.ask('INFO', 'memory'));
    const [used, data] = [figure(memory, 'used_memory'), figure(memory, 'used_memory_dataset')];
    await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    // For a moment there is no room at all, so that something goes even where there is little.
    await redis.ask('CONFIG', 'SET', 'maxmemory', used - data);
    await redis.ask('CONFIG', 'SET', 'maxmemory', used - data + ROOM);
    return async () => {
      await redis.ask('CONFIG', 'SET', 'maxmemory', limit);
      await redis.ask('CONFIG', 'SET', 'maxmemory-policy', policy);
    };
  },
};

async function getConfig(redis: BreakableRedis, name: string): Promise<string> {
  const answer = await redis.ask('CONFIG', 'GET', name);
  if (Array.isArray(answer) && typeof answer[1] === 'string') return answer[1];
  throw new Error(`Redis does not tell its ${name}.`);
}

/** The value of a line of INFO, such as `used_memory:1048576`. */
function figure(info: string, name: string): number {
  const digits = new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1];
  if (digits === undefined) throw new Error(`Redis does not tell its ${name}.`);
  return Number(digits);
}

/** In steps, so that nobody else is kept waiting; by DEL, so that the memory is free afterwards. */
async function removeFiller(redis: BreakableRedis): Promise<void> {
  let cursor = '0';
  do {
    const answer = await redis.ask('SCAN', cursor, 'MATCH', 'filler:*', 'COUNT', 250);
    const [next, keys] = answer as [string, string[]];
    const [first, ...rest] = keys;
    if (first !== undefined) await redis.ask('DEL', first, ...rest);
    cursor = next;
  } while (cursor !== '0');
}
