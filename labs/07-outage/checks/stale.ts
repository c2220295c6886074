import { CallFailed, fail } from '@workshop/lab-kit';
import { isSelect, start } from '../../shared/held.ts';
import { byId, readers, search, type HotRead } from '../../shared/hot-reads.ts';
import { unlike } from '../../describe.ts';
import { refuseQueries } from '../../refused-queries.ts';
import { allInTime, articles, inTime } from './in-time.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { allRefused } from './refusals.ts';
import { wellAgain } from './well-again.ts';

/** More than it takes to open a breaker. */
const failuresInARow = 10;
const reads = [search('delta', 20), byId(7), readers(12)];
/** By now the longest life is over, ms. */
const pastLifeMs = 80_000;
/** By now it is over for ten minutes, ms. */
const pastAllMs = 720_000;
/** For so long an old answer must be there, ms: the shortest life, and ten minutes. */
const spareUntilMs = 600_000;

export const stale: LabCheck = {
  id: 'stale',
  title: 'While MySQL is away, an old answer is better than none',
  expected: `entries ${pastLifeMs / 1_000} s old; MySQL fails, hangs, refuses, or is cut off: every read is answered with them, and counted as no hit; what is not in Redis is refused`,
  hint: 'The answer was right a minute ago, and Redis has just thrown it away. Who told it to?',
  hints: [
    'An entry expires after 60 s, and MySQL is away for five minutes. What do you have left to show?',
    'Let Redis keep an entry ten minutes longer than it is fresh: `PTTL` less ten minutes is what it has to live. When the load fails and there is one past its life, return that.',
    { file: 'cache.ts', from: '// Old, but of the present generation', to: 'return kept.value;' },
  ],
  async run(context) {
    const { store, weather, another, passTime, observe } = context;
    const { store: other } = await another();
    for (const read of reads) await observe(async () => await read.of(store));
    await passTime(pastLifeMs);
    const states = [
      ['MySQL answers each statement with an error', () => refuseQueries(weather)],
      ['MySQL does not answer', () => weather.mysql.hang()],
      ['MySQL refuses connections', () => weather.mysql.refuse()],
      ['the connection breaks in the middle of each answer', () => weather.mysql.cutReply(isSelect)],
    ] as const;
    const hitsBefore = await hitsOf(store);
    for (const [state, begin] of states) {
      const spell = begin();
      await servedStale(context, state, [store, other]);
      spell.stop();
    }
    const hits = (await hitsOf(store)) - hitsBefore;
    if (hits > 0) {
      fail(
        `${reads.length * states.length} reads were answered past their life; metrics() counts ${hits} of them as hits`,
        {
          mistake: 'stale-counted-as-hit',
          leadsTo: 'The hit ratio is at its best while the database is away, and no alarm fires.',
          hint: 'What do you tell the metrics when the load has failed and the old answer goes out? The guide names a result for it: stale.',
        },
      );
    }
    const spell = refuseQueries(weather);
    const state = 'MySQL answers each statement with an error';
    allRefused(await allInTime(context, [byId(8), search('virus', 4), readers(13)], state), state);
    spell.stop();
    await wellAgain(context, byId(8), 'MySQL answers again');
    return `${states.length} outages: ${2 * reads.length * states.length} reads answered from entries past their life`;
  },
};

async function servedStale(context: Context, state: string, stores: readonly Context['store'][]) {
  const outcomes = await allInTime(context, reads, state, stores);
  for (const [index, value] of outcomes.entries()) {
    const read = reads[index % reads.length]!;
    const wrong =
      value instanceof CallFailed
        ? `failed: ${value.remote.message}`
        : unlike(value, await read.wanted(context.mysql));
    if (!wrong) continue;
    fail(`${state}, ${pastLifeMs / 1_000} s after ${read.call} was stored: it ${wrong}`, {
      mistake: 'no-stale-answers',
      leadsTo:
        'A database that is away for five minutes takes the whole site with it, a minute later, though nothing of what it shows has changed.',
    });
  }
}

/** Reads that were hits, by the metrics of lab 05. */
async function hitsOf(store: Context['store']): Promise<number> {
  const lines = (await store.metrics()).split('\n');
  return lines
    .filter((line) => line.startsWith('articles_cache_reads_total{') && line.includes('result="hit"'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

export const freshFirst: LabCheck = {
  id: 'fresh-first',
  title: 'While MySQL is well, nothing past its life is served',
  expected: `${pastLifeMs / 1_000} s after it was stored, changed in MySQL by hand: the new row`,
  hint: 'An old answer is for the case that no new one can be had. Which comes first in your code?',
  hints: [
    'Somebody changes a row by hand. For how long may the old one be shown, while MySQL is well?',
    'Found, but past its life, is a miss: load. What was found is for the `catch`.',
    { file: 'cache.ts', from: 'if (kept && kept.remainingMs > 0) {', to: "found('hit');" },
  ],
  async run(context) {
    const { store, mysql, observe, passTime } = context;
    for (const read of reads) await observe(async () => await read.of(store));
    await passTime(pastLifeMs);
    await changeByHand(context, 'Changed by hand');
    for (const read of reads) {
      const wrong = unlike(await read.of(store), await read.wanted(mysql));
      if (wrong) {
        fail(`${read.call}, ${pastLifeMs / 1_000} s after it was stored, with MySQL well: it ${wrong}`, {
          mistake: 'stale-without-need',
          leadsTo: 'The first visitor after a quiet night is shown yesterday.',
        });
      }
    }
    return `${reads.length} entries past their life, loaded anew`;
  },
};

async function changeByHand({ mysql }: Context, title: string): Promise<void> {
  await mysql.query("UPDATE articles SET Title = ? WHERE OBJECTID = 7 OR Sentence LIKE '%delta%'", [title]);
  await mysql.query('UPDATE article_reads SET Readers = Readers + 5 WHERE OBJECTID = 12');
}

/**
 * Read so often while MySQL is away, ms: that an answer is asked for does not make it any newer. Longer than a life is, so
 * that each of these reads is of an entry past it.
 */
const everyMs = pastLifeMs;

export const staleEnds: LabCheck = {
  id: 'stale-ends',
  title: 'An old answer does not last',
  expected: `MySQL away, an entry read every ${everyMs / 1_000} s: served for ten minutes past its life, and then refused; once MySQL is back, the new row within 10 s`,
  hint: 'Does your code store an old answer anew, or make its life longer, when it serves it?',
  hints: [
    'MySQL is away for an hour. What is shown at its end, and what a minute after it is back?',
    'Serving an old answer changes nothing in Redis: no SET, no EXPIRE. So its end comes by itself, and the next read tries MySQL.',
    { file: 'life.ts', from: 'export const spareMs', to: 'export const spareMs' },
  ],
  async run(context) {
    const { store, mysql, weather, observe } = context;
    for (const read of reads) await observe(async () => await read.of(store));
    const before = await Promise.all(reads.map(async (read) => await read.wanted(mysql)));
    const short = refuseQueries(weather);
    for (let age = everyMs; age <= 3 * everyMs; age += everyMs) await servedAt(context, age, before);
    await changeByHand(context, 'Changed meanwhile');
    short.stop();
    for (const read of reads)
      await wellAgain(context, read, 'MySQL was away for 4 minutes and is back', {
        mistake: 'stale-counts-as-new',
        leadsTo:
          'With each outage, however short, old answers get another life; with one a minute they stay for good.',
      });

    const now = await Promise.all(reads.map(async (read) => await read.wanted(mysql)));
    refuseQueries(weather);
    for (let age = everyMs; age <= pastAllMs; age += everyMs)
      if (age <= spareUntilMs) await servedAt(context, age, now);
      else await servedAt(context, age);
    const state = `MySQL fails for ${pastAllMs / 60_000} minutes`;
    const last = await allInTime(context, reads, state);
    const answered = last.filter((value) => !(value instanceof CallFailed)).length;
    if (answered > 0) {
      fail(`${state}: ${answered} of ${reads.length} reads are still answered with what was stored before`, {
        mistake: 'stale-for-good',
        leadsTo: 'The site shows old figures for days, looks well, and nobody is woken up.',
      });
    }
    return 'served for ten minutes past their life, then refused; new rows after an outage of 4 minutes';
  },
};

/** Time passes, and all is read. @param wanted what must come then; without it anything may */
async function servedAt(context: Context, age: number, wanted?: readonly unknown[]): Promise<void> {
  await context.passTime(everyMs);
  const outcomes = await allInTime(context, reads, 'MySQL fails');
  if (!wanted) return;
  for (const [index, value] of outcomes.entries()) {
    const wrong =
      value instanceof CallFailed ? `failed: ${value.remote.message}` : unlike(value, wanted[index]);
    if (!wrong) continue;
    fail(`MySQL fails; ${reads[index]!.call}, ${age / 1_000} s after it was stored, ${wrong}`, {
      mistake: 'stale-too-short',
      leadsTo: 'The outage that lasts a little longer takes the site down after all.',
    });
  }
}

export const staleNotWrong: LabCheck = {
  id: 'stale-not-wrong',
  title: 'What a write has made wrong is not served, whatever happens',
  expected:
    'read, written, MySQL away, at once or a minute later, or Redis well again only just before the write: no old answer in 2 processes',
  hint: 'An old answer may be old. May it be one of which you know that it is wrong?',
  hints: [
    'Somebody saves, and then MySQL goes away. What may readers be shown?',
    'The copy for bad times obeys the same generation, or the same deletion, as the entry. After a write there is none.',
    { file: 'cache.ts', from: 'const current =', to: 'const current =' },
  ],
  async run(context) {
    const { store, another, weather, mysql, observe, passTime } = context;
    const { store: other } = await another();
    const writes: readonly [HotRead[], () => Promise<unknown>, string][] = [
      [
        [byId(7), search('delta', 20)],
        async () => await store.revise(7, { Title: 'New', Sentence: 'delta and new' }),
        'revise(7)',
      ],
      [[readers(12), byId(12)], async () => await other.countRead(12), 'countRead(12) in another process'],
    ];
    for (const [each, write, writing] of writes) {
      for (const read of each) await observe(async () => await read.of(store));
      await write();
      const spell = refuseQueries(weather);
      for (const when of ['at once', `${pastLifeMs / 1_000} s later`]) {
        for (const process of [store, other]) {
          for (const read of each) {
            const call = start(read.of(process));
            const value = await inTime(context, call, read.call, 'MySQL fails');
            const wrong = value instanceof CallFailed ? undefined : unlike(value, await read.wanted(mysql));
            if (!wrong) continue;
            fail(`${writing} resolved, then MySQL failed; ${read.call}, ${when}, ${wrong}`, {
              mistake: 'stale-after-write',
              leadsTo:
                'What somebody has deleted, corrected or hidden comes back, just because MySQL is away.',
            });
          }
        }
        await passTime(pastLifeMs);
      }
      spell.stop();
      await wellAgain(context, each[0]!, 'MySQL answers again');
    }
    await toldInSpiteOfTheBreaker(context, other);
    return `${writes.length} writes, then MySQL away, and 1 after Redis had failed: 0 old answers`;
  },
};

/** Redis is well again and takes the news. That the reads of this process leave it alone must not keep them back. */
async function toldInSpiteOfTheBreaker(context: Context, other: Context['store']): Promise<void> {
  const { store, weather, mysql, observe } = context;
  const read = byId(9);
  await observe(async () => await read.of(other));
  const state = 'Redis answers each command with an error';
  const spell = weather.redis.fail(() => true, 'ERR the server is ill');
  await allInTime(context, articles(20, failuresInARow), state);
  spell.stop();
  await store.revise(9, { Title: 'Written when Redis was well again' });
  const wrong = unlike(await read.of(other), await read.wanted(mysql));
  if (!wrong) return;
  fail(
    `${failuresInARow} reads of a process found Redis failing; Redis was well again, and it did revise(9); then ${read.call}, in another process, ${wrong}`,
    {
      mistake: 'news-kept-back',
      leadsTo: 'After each hiccup of Redis somebody saves, and every other server shows the old page.',
      hint: "Which way does a write's invalidation go? Not by the breaker: it is for reads.",
    },
  );
}
