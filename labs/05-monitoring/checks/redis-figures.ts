import { fail } from '@workshop/lab-kit';
import { figures } from './figures.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** Where INFO has it, and how far it may have moved since, as a part of it. */
const fields = [
  ['redis_memory_used_bytes', 'used_memory', 0.2],
  ['redis_memory_max_bytes', 'maxmemory', 0],
  ['redis_evicted_keys_total', 'evicted_keys', 0.05],
  ['redis_keyspace_hits_total', 'keyspace_hits', 0.3],
  ['redis_keyspace_misses_total', 'keyspace_misses', 0.3],
] as const;

/** What only Redis can say. */
export const redisMetrics: readonly string[] = fields.map(([name]) => name);

/** Fills Redis beyond what it may use, around the wiretap, with entries of others. */
export async function overfill({ redis }: Pick<Context, 'redis'>): Promise<void> {
  const block = 'x'.repeat(64 * 1024);
  for (let round = 0; round < 8; round++) {
    const pipeline = redis.pipeline();
    for (let n = 0; n < 32; n++) pipeline.set(`other:${round}:${n}`, block, 'EX', 3_600);
    await pipeline.exec();
  }
}

export const redisFigures: LabCheck = {
  id: 'redis-figures',
  title: 'What Redis says of itself is on the page',
  expected: 'memory, evictions, keyspace hits and misses as INFO has them',
  hint: '`INFO` is lines of name:value. used_memory, maxmemory, evicted_keys, keyspace_hits, keyspace_misses.',
  hints: [
    'Your hit ratio falls. How would you see that it is because Redis throws entries away?',
    '`redis.info()`, when the page is asked for; not on a timer, so that a figure is never old.',
    { file: 'redis-info.ts', from: 'function parse', to: 'keyspaceMisses' },
  ],
  async run(context) {
    const { store, observe, redis } = context;
    await overfill(context);
    await observe(async () => {
      for (let n = 0; n < 3; n++) await store.byId(7);
    });
    const now = await figures(context);
    const info = new Map(
      (await redis.info()).split('\r\n').map((line) => line.split(':', 2) as [string, string]),
    );
    for (const [name, field, tolerance] of fields) {
      const wanted = Number(info.get(field));
      const is = now.sum(name);
      if (is !== undefined && Math.abs(is - wanted) <= wanted * tolerance) continue;
      fail(`${name} is ${is ?? 'not there'}; INFO says ${field}:${wanted}`, {
        mistake: 'redis-figure-wrong',
        leadsTo: 'Evictions and memory are the first things to look at when hits get fewer.',
      });
    }
    return `as INFO: ${now.sum('redis_evicted_keys_total')} evictions, ${now.sum('redis_memory_used_bytes')} bytes`;
  },
};
