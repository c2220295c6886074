import { fail } from '@workshop/lab-kit';
import type { Redis } from 'ioredis';
import { everyChange } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { readAll, wrongReads, type Wrong } from './reads.ts';

export const evicted: LabCheck = {
  id: 'evicted',
  title: 'Whatever Redis evicts, nothing old comes back',
  expected: 'any one key is evicted, before a write or after it: 0 old answers',
  hint: 'Redis that is full drops any key, also a generation. What does your code take a generation for that is not there?',
  hints: [
    'The generation of a tag was 1, and after a write it is 2. Redis needs memory and evicts it. Which number comes next, and what is still stored under that one?',
    'A generation must never come again. A counter begins anew; a random text does not.',
    { file: 'generations.ts', from: 'const transaction', to: 'randomUUID' },
  ],
  async run(context) {
    let evictions = 0;
    for (const kind of [0, 1, 2]) {
      evictions += await evictBefore(context, kind);
      evictions += await evictAfter(context, kind);
    }
    return `3 writes, ${evictions} evictions before or after: 0 old answers`;
  },
};

/** @returns how many keys were evicted, one at a time, before a write */
async function evictBefore(
  { store, mysql, redis, articles, observe, coldCache }: Context,
  kind: number,
): Promise<number> {
  for (let evictions = 0; ; evictions++) {
    const change = everyChange(articles, evictions + 1)[kind];
    if (!change) throw new Error(`no change ${kind}`);
    await coldCache();
    await observe(async () => await readAll(store, change.reads));
    const key = (await redis.keys('*')).toSorted()[evictions];
    if (key === undefined) return evictions;
    await redis.del(key);
    await observe(async () => await change.write(store));
    const { value } = await observe(async () => await wrongReads(mysql, change.reads, store));
    if (value[0]) cameBack(`Redis evicted the key ${key}, and then came ${change.call}`, value[0]);
  }
}

/** @returns how many keys were evicted, one at a time, after a write */
async function evictAfter(
  { store, mysql, redis, articles, observe, coldCache }: Context,
  kind: number,
): Promise<number> {
  const change = everyChange(articles, 500)[kind];
  if (!change) throw new Error(`no change ${kind}`);
  await coldCache();
  await observe(async () => await readAll(store, change.reads));
  await observe(async () => await change.write(store));
  const saved = await save(redis);
  for (const { key } of saved) {
    await restore(
      redis,
      saved.filter((each) => each.key !== key),
    );
    const { value } = await observe(async () => await wrongReads(mysql, change.reads, store));
    if (value[0]) cameBack(`after ${change.call} Redis evicted the key ${key}`, value[0]);
  }
  return saved.length;
}

function cameBack(what: string, { text }: Wrong): never {
  fail(`${what}: ${text}`, {
    mistake: 'comes-again',
    leadsTo:
      'Entries that were invalidated are served again when memory runs short, in the busiest hour, for as long as they live.',
  });
}

interface Saved {
  key: string;
  lifeMs: number;
  dump: Buffer;
}

async function save(redis: Redis): Promise<Saved[]> {
  const saved: Saved[] = [];
  for (const key of (await redis.keys('*')).toSorted()) {
    const dump = await redis.dumpBuffer(key);
    if (dump) saved.push({ key, lifeMs: Math.max(0, await redis.pttl(key)), dump });
  }
  return saved;
}

async function restore(redis: Redis, saved: readonly Saved[]): Promise<void> {
  await redis.flushdb();
  for (const { key, lifeMs, dump } of saved) await redis.restore(key, lifeMs, dump);
}
