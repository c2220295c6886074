import { fail } from '@workshop/lab-kit';
import { entries } from './entries.ts';
import type { LabCheck } from './lab-check.ts';
import { allReads } from './reads.ts';
import { isStep, stepThrough } from './steps.ts';

export const oneStep: LabCheck = {
  id: 'one-step',
  title: 'Value and expiry are stored in one step',
  expected: 'at no moment, not even between two commands of a pipeline, is there a key without expiry',
  hint: 'SET takes the expiry along. For a hash: MULTI, or a script; a pipeline is not enough.',
  hints: [
    'Your process is killed between two of its commands. What stays in Redis, and for how long?',
    'Redis does what stands between MULTI and EXEC in one go, or not at all. ioredis: `redis.multi()....exec()`.',
    { file: 'record.ts', from: 'return await redis.multi()', to: 'exec()' },
  ],
  async run(context) {
    const { redis, coldCache, observe } = context;
    const reads = await allReads(context);
    const counts: number[] = [];
    for (const { read } of reads) {
      await coldCache();
      counts.push((await observe(read)).redis.filter(isStep).length);
    }
    for (const [at, read] of reads.entries()) {
      await coldCache();
      await stepThrough(context, read, counts[at] ?? 0, {
        async after(step, { name }) {
          const bare = (await entries(redis)).find(({ leftMs }) => leftMs === -1);
          if (!bare) return;
          fail(
            `${read.call}: after ${name}, command ${step + 1} of ${counts[at]}, the key ${bare.name} has no expiry`,
            {
              mistake: 'value-and-expiry-apart',
              leadsTo:
                'A process that ends just there leaves the key for good: it fills memory, and is served old for ever.',
            },
          );
        },
      });
    }
    return `${counts.reduce((a, b) => a + b, 0)} commands of ${reads.length} reads: after each, every key has its expiry`;
  },
};
