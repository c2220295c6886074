import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import { withoutEnding } from './ended.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { staleAfter } from './memory.ts';
import { delayListening, refuseListening } from './messages.ts';
import { byId, search, type AnyRead } from './reads.ts';

const reads = [byId(7), search('delta', 20)];
/** A client may still be connecting at the first ones. */
const mostReads = 6;

const withoutTracking = {
  mistake: 'fails-without-tracking',
  leadsTo: 'A permission that one environment lacks takes the site down, for want of an extra.',
};

export const refused: LabCheck = {
  id: 'refused',
  title: 'Without permission to listen, all works but the memory',
  expected:
    'Redis refuses tracking, or subscribing: reads are hits in Redis, and new after a write elsewhere',
  hint: 'What is the answer to CLIENT TRACKING, and to SUBSCRIBE? What is kept before both have come?',
  hints: [
    'A Redis user of yours may not use CLIENT TRACKING. What does your program do: end, serve copies all the same, or go on without?',
    'Only "OK" to both commands makes the memory usable. Until then nothing is put in.',
    { file: 'near.ts', from: 'if (!isListening', to: 'return;' },
  ],
  async run(context) {
    const { store: other } = await context.another();
    const states = [
      ['Redis refused CLIENT TRACKING', () => refuseListening(context.weather, 'CLIENT TRACKING')],
      ['Redis refused SUBSCRIBE', () => refuseListening(context.weather, 'SUBSCRIBE')],
      ['Redis did not answer SUBSCRIBE', () => delayListening(context.weather, 'SUBSCRIBE')],
    ] as const;
    for (const [state, begin] of states) {
      const spell = begin();
      const work = async () => {
        await context.restart();
        for (const read of reads) await isHit(context, read, state);
        await staysNew(context, other, state);
      };
      await withoutEnding(work, state, withoutTracking);
      spell.stop();
    }
    return `${states.length} times without messages, ${reads.length} reads with each: hits in Redis, 0 old answers`;
  },
};

async function isHit({ store, observe }: Context, read: AnyRead, state: string): Promise<void> {
  for (let attempt = 1; attempt <= mostReads; attempt++) {
    const { value, selects } = await observe(async () => await orFailure(read.of(store)));
    if (value instanceof CallFailed)
      fail(`${state}, and ${read.call} failed: ${value.remote.message}`, withoutTracking);
    if (selects.length > 0) continue;
    // What would be kept without permission is kept by now.
    await observe(async () => await read.of(store));
    return;
  }
  fail(`${state}: ${mostReads} times ${read.call}, and none was a hit in Redis`, {
    mistake: 'no-cache-without-tracking',
    leadsTo: 'MySQL carries everything, although Redis is there and well.',
  });
}

async function staysNew(context: Context, other: Context['store'], state: string): Promise<void> {
  const changes = { Title: state, Sentence: `delta: ${state}`, PublishedDate: '2999-01-01' };
  await context.observe(async () => await other.revise(7, changes));
  for (const read of reads) {
    const wrong = await staleAfter(context, context.store, read);
    if (wrong)
      fail(`${state}; after another process wrote, ${read.call} ${wrong}`, {
        mistake: 'kept-without-listening',
        leadsTo: 'Nothing tells that anything is wrong, but for visitors who see old pages.',
      });
  }
}
