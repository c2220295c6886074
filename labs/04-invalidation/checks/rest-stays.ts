import { fail, type FailureDetails } from '@workshop/lab-kit';
import { cacheTraffic } from '../../shared/cache-traffic.ts';
import { everyChange, type Change } from './changes.ts';
import { byId, readAll, readers, search, type AnyRead } from './reads.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { thrice } from './thrice.ts';

const lists = [search('the', 5), search('nothing contains this', 10)];
const others = [byId(8), readers(8), byId(999_999), readers(999_999)];

/** What a write leaves as it was, in the order of `everyChange`. */
const untouched: readonly (readonly AnyRead[])[] = [
  others,
  // No search shows readers.
  [...others, ...lists],
  [...others, byId(7), readers(7)],
];

export const restStays: LabCheck = {
  id: 'rest-stays',
  title: 'A write costs only what it changed',
  expected:
    'after a write, other articles are still hits (after countRead the lists, too); what it changed is a hit again at the second read',
  hint: 'One key or tag for everything is simple, and right; and a busy site then has no cache. What does each write change?',
  hints: [
    'An article is read 50 times a second, and each reading is counted. How long does an entry live if each write drops all of them?',
    'A tag for each article, one for the lists. `countRead` changes nothing that a search shows.',
    { file: 'writes.ts', from: 'async countRead(id)', to: 'articleTag(id)' },
  ],
  async run(context) {
    let round = 0;
    for (const [index, stays] of untouched.entries()) {
      const cost = await thrice(async () => {
        const change = everyChange(context.articles, ++round)[index];
        return change && (await costOf(context, change, stays));
      });
      if (cost) fail(cost.text, cost);
    }
    return 'after 3 writes the rest is still hits, and what they changed is hits again';
  },
};

interface Cost extends FailureDetails {
  text: string;
}

/** What a write costs that it need not cost. */
async function costOf(
  { store, observe, coldCache }: Context,
  change: Change,
  stays: readonly AnyRead[],
): Promise<Cost | undefined> {
  const { call, reads } = change;
  await coldCache();
  await observe(async () => await readAll(store, [...stays, ...reads]));
  await observe(async () => await change.write(store));
  for (const read of stays) {
    const seen = await observe(async () => await read.of(store));
    if (seen.selects.length === 0) continue;
    return {
      text: `after ${call}, ${read.call} sent ${seen.selects.length} SELECT, expected 0: it was in the cache; ${cacheTraffic(seen)}`,
      mistake: lists.includes(read) ? 'lists-dropped-by-a-count' : 'everything-invalidated',
      leadsTo:
        'With a write every few ms, nothing lives long enough to be read twice: the database carries every read.',
    };
  }
  for (const read of reads) {
    await observe(async () => await read.of(store));
    const seen = await observe(async () => await read.of(store));
    if (seen.selects.length === 0) continue;
    return {
      text: `after ${call}, ${read.call} reached MySQL at its second read, too: expected 0 SELECTs, saw ${seen.selects.length}; ${cacheTraffic(seen)}`,
      mistake: 'cached-no-more',
      leadsTo: 'What is written often is never cached again, and that is what is read most.',
    };
  }
  return undefined;
}
