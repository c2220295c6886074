import { fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { cacheTraffic } from '../../shared/cache-traffic.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { allReads, noSuchId, noSuchTerm } from './reads.ts';

/** After so many seconds the answer must come from Redis still, or from MySQL. */
const times = [
  { at: 4, kinds: ['found', 'none'], from: 'Redis' },
  { at: 21, kinds: ['none'], from: 'MySQL' },
  { at: 40, kinds: ['found'], from: 'Redis' },
  { at: 80, kinds: ['found'], from: 'MySQL' },
  // What was loaded anew is stored anew.
  { at: 82, kinds: ['found'], from: 'Redis' },
] as const;

export const over: LabCheck = {
  id: 'over',
  title: 'When the life is over, MySQL is asked again',
  expected: 'found: from Redis after 40 s, from MySQL after 80 s; "there is none": after 4 s and after 21 s',
  hint: 'Is an answer kept somewhere else than in Redis? Does something give it another life, a timer say?',
  hints: [
    'Which copy of the answer is still there when the key in Redis has expired?',
    'From the query to the last time its answer is served, one life may pass and no more, however often it is read.',
    { file: 'cache.ts', from: 'const found =', to: 'return value;' },
  ],
  async run(context) {
    const { observe, passTime } = context;
    const reads = await allReads(context);
    for (const { read } of reads) await observe(read);
    await changeAll(context);
    const answers = new Map(reads.map(({ call, wanted }) => [call, wanted]));
    let now = 0;
    for (const { at, kinds, from } of times) {
      await passTime((at - now) * 1_000);
      now = at;
      for (const { call, read, held } of reads.filter(({ kind }) => kinds.some((each) => each === kind))) {
        const seen = await observe(read);
        const selects = seen.selects.length;
        const state = `${at} s after the first read, ${call}`;
        if (from === 'Redis' && selects > 0) {
          fail(`${state} sent ${selects} SELECT: expected 0; ${cacheTraffic(seen)}`, goneEarly);
        }
        if (from === 'MySQL' && selects === 0)
          fail(`${state} sent no SELECT; ${cacheTraffic(seen)}`, outlives);
        if (from === 'MySQL') answers.set(call, await held());
        const wrong = unlike(seen.value, answers.get(call));
        if (wrong) fail(`${state} ${wrong}`, from === 'MySQL' ? outlives : {});
      }
    }
    return `${reads.length} entries, each served within its life, and loaded anew after it`;
  },
};

const goneEarly = {
  mistake: 'life-too-short',
  leadsTo: 'The entry is gone before the next visitor comes: the database carries the reads.',
};

const outlives = {
  mistake: 'outlives-its-life',
  leadsTo: 'What changed in MySQL is served old for as long as somebody asks for it.',
};

/** Every read has another answer from now on. */
async function changeAll({ mysql, articles }: Context): Promise<void> {
  await mysql.query("UPDATE articles SET Title = CONCAT(Title, ' (revised)')");
  await mysql.query('UPDATE article_reads SET Readers = Readers + 2');
  const published = { ...articles[0], OBJECTID: noSuchId, Sentence: `No longer true: ${noSuchTerm}.` };
  await mysql.query('INSERT INTO articles SET ?', published);
  await mysql.query('INSERT INTO article_reads SET OBJECTID = ?, Readers = 0, LastReadAt = NOW(3)', [
    noSuchId,
  ]);
}
