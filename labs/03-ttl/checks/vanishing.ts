import { CheckFailed, fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { entries, noExpiry } from './entries.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { allReads, type TimedRead } from './reads.ts';
import { isStep, stepThrough } from './steps.ts';

export const vanishing: LabCheck = {
  id: 'vanishing',
  title: 'An entry that expires while it is being read is a miss',
  expected: 'its key goes between two commands of a hit: the answer is right, and no key is without expiry',
  hint: 'EXISTS, then GET: in between the key can be gone. One command that looks and fetches leaves no such moment.',
  hints: [
    'How many commands does a hit send, and what if the key expires after the first?',
    'GET and HGETALL say themselves that there is nothing: null, and no fields. What do you ask before them?',
    { file: 'record.ts', from: 'const fields = await redis.hgetall(key);', to: 'if (!names.every' },
  ],
  async run(context) {
    const { coldCache, observe } = context;
    let moments = 0;
    for (const read of (await allReads(context)).filter(({ kind }) => kind === 'found')) {
      await coldCache();
      await observe(read.read);
      const commands = (await observe(read.read)).redis.filter(isStep).length;
      for (let gone = 1; gone < commands; gone++, moments++) await goesAfter(context, read, gone, commands);
    }
    if (moments === 0) return 'a hit is one command: there is no moment between';
    return `${moments} times between two commands: the right answer, and no key without expiry`;
  },
};

/** The key of a read goes after so many of the commands that a hit sends. */
async function goesAfter(context: Context, read: TimedRead, gone: number, commands: number): Promise<void> {
  const { redis, observe } = context;
  await observe(read.read);
  const value = await stepThrough(context, read, commands, {
    async before(step) {
      if (step === gone) await redis.flushdb();
    },
  }).catch((error: unknown) => {
    // Not even of the shape that the lab asks for.
    if (error instanceof CheckFailed) return error;
    throw error;
  });
  const state = `the key of ${read.call} went after command ${gone} of ${commands} of a hit`;
  const wrong = value instanceof CheckFailed ? value.message : unlike(value, read.wanted);
  if (wrong) {
    fail(`${state}: ${wrong}`, {
      mistake: 'check-then-read',
      leadsTo:
        'Once in a while, under load, a visitor is told that there is nothing, or sees an empty record.',
    });
  }
  const bare = (await entries(redis)).find(({ leftMs }) => leftMs === -1);
  if (bare) fail(`${state}: now the key ${bare.name} is there, and has no expiry`, noExpiry);
}
