import { fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { asked, inMemory } from './memory.ts';
import { byId } from './reads.ts';

const mostKept = 500;
const read = 600;
/** At once: a pool lets only so many wait. */
const atOnce = 20;

export const bounded: LabCheck = {
  id: 'bounded',
  title: 'The memory has an end',
  expected: `${read} different articles, read and read again: at most ${mostKept} answers in memory, so that ${read - mostKept} at least are asked for`,
  hint: 'What takes an entry out of the Map that nobody reads any more?',
  hints: [
    'A crawler reads every article of the site once. What does your process look like afterwards?',
    'An LRU of 500 entries: what has not been read for the longest time goes first. `lru-cache` is one.',
    { file: 'near.ts', from: 'const mostEntries', to: 'const mostEntries' },
  ],
  async run(context) {
    const { store, observe, articles } = context;
    const ids = articles.slice(0, read).map(({ OBJECTID }) => OBJECTID);
    // The first time loads, the second asks Redis.
    for (let time = 1; time <= 2; time++) await observe(async () => await readAll(store, ids));
    // Backwards, so that what is still there is met before it goes.
    const seen = await observe(async () => await readAll(store, ids.toReversed()));
    const sent = asked(seen).length + seen.selects.length;
    if (ids.length !== read || sent < read - mostKept) {
      fail(
        `${ids.length} articles, each read before: read once more, they sent ${sent} commands and SELECTs in all`,
        {
          mistake: 'unbounded-memory',
          leadsTo:
            'The process grows with every article anybody reads, until the system ends it, on the busiest day.',
        },
      );
    }
    return `${ids.length} articles read once more: ${sent} commands and SELECTs`;
  },
};

async function readAll(store: Context['store'], ids: readonly number[]): Promise<void> {
  for (let at = 0; at < ids.length; at += atOnce)
    await Promise.all(ids.slice(at, at + atOnce).map(async (id) => await store.byId(id)));
}

const newId = 900_100;
/** Before the last fifth of the shortest life of "there is none". */
const readAtMs = 6_000;
/** After the longest. */
const overMs = 11_200;

export const life: LabCheck = {
  id: 'life',
  title: 'A copy lives no longer than what it is a copy of',
  expected:
    '"there is none" is read from Redis 6 s after it was stored: 11.2 s after that, it is asked for again',
  hint: 'How long has the entry in Redis still to live when you copy it?',
  hints: [
    'Redis holds an answer that has three seconds to live. You copy it, for ten. How old can what you serve become?',
    'Ask for what is left of its life along with the answer (PTTL), and keep the copy for no longer than that.',
    { file: 'near.ts', from: 'Math.min(lifeMs', to: 'Math.min(lifeMs' },
  ],
  async run(context) {
    const { store, mysql, observe, passTime, articles } = context;
    const none = byId(newId);
    await observe(async () => await none.of(store));
    await passTime(readAtMs);
    await inMemory(context, store, [none]);
    await insert(mysql, articles[0]);
    await passTime(overMs - readAtMs);
    const wrong = unlike(await none.of(store), await none.wanted(mysql));
    if (wrong)
      fail(
        `${none.call} found none and was stored for 10 s; ${overMs / 1_000} s later, with the article in MySQL, it ${wrong}`,
        {
          mistake: 'outlives-redis',
          leadsTo: 'Every life that you chose in lab 03 is 10 s longer than you think.',
        },
      );
    return `"there is none", read again after ${overMs / 1_000} s: the article`;
  },
};

async function insert(
  mysql: Context['mysql'],
  model: Context['articles'][number] | undefined,
): Promise<void> {
  await mysql.query('INSERT INTO articles SET ?', [{ ...model, OBJECTID: newId }]);
  await mysql.query('INSERT INTO article_reads (OBJECTID, Readers, LastReadAt) VALUES (?, 0, NOW(3))', [
    newId,
  ]);
}
