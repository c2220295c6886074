import { judgeHits, judgeLife, livesExpected } from './judge-life.ts';
import { judgeSpread, spreadExpected } from './judge-spread.ts';
import type { LabCheck } from './lab-check.ts';
import { olderReads } from './reads.ts';

export const lives: LabCheck = {
  id: 'lives',
  title: 'An answer lives for a minute, "there is none" for ten seconds',
  expected: livesExpected,
  hint: 'What is about to be stored says how long it may live: is it an answer, or the lack of one?',
  hints: [
    'An article is published ten seconds after somebody asked for it. For how long does byId() deny it?',
    'Where the SET is, you have the value in hand. `null` and `[]` mean that there is none: give them another expiry, in `cache.ts`.',
    { file: 'life.ts', from: 'const mean =', to: 'const mean =' },
  ],
  async run(context) {
    for (const read of await olderReads(context)) await judgeLife(context, read);
    return '2 reads that find something and 2 that find nothing, each in its limits';
  },
};

export const spread: LabCheck = {
  id: 'spread',
  title: 'What is stored together does not expire together',
  expected: spreadExpected,
  hint: 'Add chance to each life, of a tenth in either direction, and draw it anew for each entry.',
  hints: [
    'A crawler reads a thousand articles in one second. What happens a minute later?',
    '`Math.random()` is from 0 to 1: what turns it into a factor from 0.9 to 1.1? Redis takes whole numbers only.',
    { file: 'life.ts', from: 'Math.random()', to: 'Math.random()' },
  ],
  async run(context) {
    const { store } = context;
    const batches = [
      { what: 'articles', kind: 'found', read: (n: number) => store.byId(n) },
      { what: 'searches', kind: 'found', read: (n: number) => store.search('the', n) },
      { what: 'articles that do not exist', kind: 'none', read: (n: number) => store.byId(900_000 + n) },
    ] as const;
    for (const batch of batches) await judgeSpread(context, batch);
    return `${batches.length} batches, each spread out`;
  },
};

export const keptLife: LabCheck = {
  id: 'kept-life',
  title: 'A hit leaves the life of its entry as it is',
  expected: '3 hits later the key expires when it would have without them, or before',
  hint: 'EXPIRE, GETEX, PERSIST or another SET on a hit give the entry a new life. A hit only looks.',
  hints: [
    'A page is read every second, and each hit renews its entry for a minute. When do its readers see a change in MySQL?',
    'A life is counted from the query that the answer came from. Which of your commands on a hit is more than a look?',
    { file: 'form.ts', from: 'const text = await redis.get(key);', to: 'return text === null' },
  ],
  async run(context) {
    const reads = await olderReads(context);
    for (const read of reads) await judgeHits(context, read);
    return `3 hits each on ${reads.length} entries, none of which lives longer for it`;
  },
};
