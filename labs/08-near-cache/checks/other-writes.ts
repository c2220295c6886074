import { fail } from '@workshop/lab-kit';
import type { LabCheck } from './lab-check.ts';
import { askedNothing, inMemory, staleAfter } from './memory.ts';
import { byId, readers, search } from './reads.ts';
import { writesOf } from './writes.ts';

const rounds = 2;

export const otherWrites: LabCheck = {
  id: 'other-writes',
  title: 'What another process writes is not in memory any more',
  expected: 'another process writes; once its message has arrived (100 ms), reads here are new',
  hint: 'Does Redis tell you of this key, and in which protocol? What must be in the message, and what do you do with it?',
  hints: [
    'Twenty processes have article 7 in memory, and one of them writes. Who tells the other nineteen?',
    '`CLIENT TRACKING ON REDIRECT <id> BCAST PREFIX <prefix>`, then `SUBSCRIBE __redis__:invalidate`: each message is a list of keys that have changed, whoever changed them. Drop these. With ioredis on a connection with `protocol: 2`; else no message comes.',
    { file: 'changes.ts', from: 'async function listen', to: 'listener.turned(true);' },
  ],
  async run(context) {
    const { store, another, observe, articles } = context;
    const { store: other } = await another();
    const writes = writesOf(articles);
    for (const { call, of, reads } of writes) {
      // Also the second time: who asks to be told once is told once.
      for (let round = 1; round <= rounds; round++) {
        await inMemory(context, store, reads);
        await observe(async () => await of(other, round));
        for (const read of reads) {
          const wrong = await staleAfter(context, store, read);
          if (!wrong) continue;
          const again = round > 1 ? ', for the second time' : '';
          fail(`another process wrote: ${call}${again}; after it had resolved, ${read.call} here ${wrong}`, {
            mistake: 'stale-local-copy',
            leadsTo:
              'Somebody reloads the page and sees the new title, the old one, the new one: it depends on the server they get.',
          });
        }
      }
    }
    return `${rounds * writes.length} writes by another process: 0 old answers here`;
  },
};

export const restStays: LabCheck = {
  id: 'rest-stays',
  title: 'What a write does not change stays in memory',
  expected:
    'another process counts a read of article 7: byId(8), readers(9), a search: 0 commands, 0 SELECTs',
  hint: 'What does the message say? What of all that you keep does it concern?',
  hints: [
    'Each page view writes: countRead(7). How much of the memory may that cost?',
    'The message names the keys. Drop these, and leave the rest.',
    { file: 'near.ts', from: 'const drop', to: 'entries.delete(key);' },
  ],
  async run(context) {
    const { store, another, observe } = context;
    const { store: other } = await another();
    const reads = [byId(8), readers(9), search('delta', 20)];
    let kept = 0;
    // A read that came at a bad moment may not have been kept.
    for (let attempt = 0; attempt < 3 && kept < reads.length; attempt++) {
      // Nobody is told of what nobody has read.
      await inMemory(context, store, [byId(7), ...reads]);
      await observe(async () => await other.countRead(7));
      kept = 0;
      for (const read of reads) {
        const seen = await observe(async () => await read.of(store));
        if (askedNothing(seen)) kept++;
      }
    }
    if (kept < reads.length) {
      fail(
        `another process counted a read of article 7; of ${reads.length} other reads ${kept} were still in memory`,
        {
          mistake: 'all-dropped',
          leadsTo:
            'Somebody reads something all the time, so that nothing stays in memory for even a second.',
        },
      );
    }
    return `${reads.length} of ${reads.length} other reads still in memory`;
  },
};
