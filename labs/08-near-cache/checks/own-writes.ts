import { fail, orFailure } from '@workshop/lab-kit';
import { awaitedLater, endsMeanwhile, mostSteps, stopAt } from '../../04-invalidation/checks/steps.ts';
import { unlike } from '../../describe.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { inMemory } from './memory.ts';
import { holdMessages } from './messages.ts';
import type { AnyRead } from './reads.ts';
import { writesOf, type Write } from './writes.ts';

export const ownWrites: LabCheck = {
  id: 'own-writes',
  title: "A process's own writes are new at once",
  expected:
    'a write here, and no message from Redis: the next read here is new, also when Redis does not answer',
  hint: 'You know what you have changed. What do you wait for?',
  hints: [
    'revise() has resolved, and the same visitor gets the page from the same process, before the message has come. What do they see?',
    'Drop your own keys yourself, after Redis has confirmed and before the write resolves.',
    { file: 'cache.ts', from: 'async invalidate(tags)', to: 'near.drop(keys);' },
  ],
  async run(context) {
    // publish() takes away what "none" is kept of, by the same way.
    const writes = writesOf(context.articles).slice(0, 3);
    let stops = 0;
    for (const write of writes) {
      for (let step = 0; step < mostSteps; step++) {
        if (!(await writtenWhileRead(context, write, step))) break;
        stops++;
      }
    }
    await writtenWhileRedisHangs(context, writes[0]);
    return `${writes.length} own writes, read at ${stops} moments of them: 0 old answers afterwards, no message awaited`;
  },
};

const ownWriteStale = {
  mistake: 'own-write-stale',
  leadsTo: 'Who saves is shown the old page, on a day when Redis is a little slow.',
};

/** The same process reads while its write is at one of its steps. @returns false when the write has no such step */
async function writtenWhileRead(
  context: Context,
  { call, of, reads }: Write,
  step: number,
): Promise<boolean> {
  const { store, weather } = context;
  await inMemory(context, store, reads);
  const held = holdMessages(weather);
  const stopped = await stopAt(context, step, async () => await of(store, step + 1));
  if (stopped) {
    const meanwhile = reads.map((read) => awaitedLater(orFailure(read.of(store))));
    await endsMeanwhile(context, Promise.all(meanwhile));
    await stopped.goOn();
    await Promise.all(meanwhile);
  }
  await staysNew(context, reads, `${call} resolved, Redis's message was still on its way`);
  held.stop();
  return stopped !== undefined;
}

async function writtenWhileRedisHangs(context: Context, write: Write | undefined): Promise<void> {
  if (!write) throw new Error('no write');
  await inMemory(context, context.store, write.reads);
  const hang = context.weather.redis.hang();
  await write.of(context.store, mostSteps + 1);
  await staysNew(context, write.reads, `${write.call} resolved while Redis did not answer`);
  hang.stop();
}

async function staysNew({ store, mysql }: Context, reads: readonly AnyRead[], state: string): Promise<void> {
  for (const read of reads) {
    const wrong = unlike(await read.of(store), await read.wanted(mysql));
    if (wrong) fail(`${state}; ${read.call}, in the same process, ${wrong}`, ownWriteStale);
  }
}
