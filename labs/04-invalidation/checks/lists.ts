import { fail, marks } from '@workshop/lab-kit';
import type { Revision } from '../../contract.ts';
import { cacheTraffic, whyNoHit } from '../../shared/cache-traffic.ts';
import { count, publication, type Change } from './changes.ts';
import { byId, readAll, readers, search, wrongReads, type AnyRead, type Wrong } from './reads.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { thrice } from './thrice.ts';

/** Whatever a list may be asked by: what an article had, what it gets, short and long, and what finds nothing. */
const searches: readonly AnyRead[] = [
  ...[1, 3, 20].map((limit) => search('the', limit)),
  search('a', 10),
  search('sentence', 500),
  // Finds article 7 as it is at the beginning.
  search('delaying mandatory mask wearing', 10),
  search('Revised sentence', 10),
  search('revised SENTENCE', 7),
  search('Published sentence', 10),
  search('Published sentence 2', 3),
  search('sentence', 20),
  search('', 5),
  search('7', 7),
  search('nothing contains this', 10),
  ...marks.slice(0, 2).map((mark) => search(mark, 4)),
];
const newIds = [9_001, 999_999];

/** A list shows each of these columns, so each revision alone makes lists old. */
const revisions: readonly Revision[] = [
  { Title: 'A new title' },
  { PublishedDate: '2026-04-05' },
  { Sentence: 'Revised sentence 1.' },
];

/** What is read, by the name of the mistake that it is when a write forgets it. */
const kinds: Readonly<Record<string, readonly AnyRead[]>> = {
  'article-forgotten': [byId(7), byId(8)],
  'record-forgotten': [readers(7), readers(8)],
  'none-forgotten': newIds.flatMap((id) => [byId(id), readers(id)]),
  'lists-forgotten': searches,
};
const reads = Object.values(kinds).flat();

export const lists: LabCheck = {
  id: 'lists',
  title: 'Every search and every "there is none" that a write changes is new, too',
  expected: `${reads.length} cached reads; after each write, in 2 processes: 0 old answers`,
  hint: 'Which searches find the article now, and which found it before? Any term, any limit. And "there is no such article".',
  hints: [
    'Somebody publishes article 9001. Name everything in Redis that is not true any more. Can you list the searches among it?',
    "You can't list them, and need not: give all lists a tag, `lists`, beside those of single articles, and let the writes that change what a search shows invalidate it.",
    { file: 'writes.ts', from: '/** Invalidated by every write', to: 'articleTag' },
  ],
  async run(context) {
    const { store, mysql, articles, observe, another } = context;
    const { store: other } = await another();
    const changes = [...revisions.map(revise), count, publication(articles, 1)];
    for (const [index, change] of changes.entries()) {
      await filled(context);
      // Who writes need not be who has cached.
      await observe(async () => await change.write(index % 2 === 0 ? store : other));
      const wrong = await wrongReads(mysql, reads, store, other);
      if (wrong.length > 0) old(change, wrong);
    }
    return `${changes.length} writes, ${reads.length} reads after each in 2 processes: 0 old answers`;
  },
};

function revise(revision: Revision): Change {
  return {
    call: `revise(7, { ${Object.keys(revision).join(', ')} })`,
    write: async (store) => await store.revise(7, revision),
    reads: [byId(7), search('delaying mandatory mask wearing', 10)],
  };
}

/** Reads all of it, and sees to it that it is there: what is never cached can't be old. */
async function filled({ store, observe }: Context): Promise<void> {
  const missed = await thrice(async () => {
    await observe(async () => await readAll(store, reads));
    const seen = await observe(async () => {
      for (const read of reads) await read.of(store);
    });
    return seen.selects.length > 0 ? seen : undefined;
  });
  if (!missed) return;
  const text = `${reads.length} reads, done before: expected 0 SELECTs, saw ${missed.selects.length}; ${cacheTraffic(missed)}`;
  fail(text, whyNoHit(missed));
}

function old({ call }: Change, wrong: readonly Wrong[]): never {
  const isOld = (read: AnyRead) => wrong.some((each) => each.read === read);
  const [kind = ''] = Object.entries(kinds).find(([, some]) => some.some(isOld)) ?? [];
  fail(`${call} resolved; then ${wrong.length} of ${2 * reads.length} answers are old: ${wrong[0]?.text}`, {
    mistake: kind,
    leadsTo: 'What somebody has just saved is not there when they look: they save it again, or call you.',
  });
}
