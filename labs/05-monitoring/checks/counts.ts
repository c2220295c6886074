import { fail } from '@workshop/lab-kit';
import { count } from '../../describe.ts';
import { refuseQueries } from '../../refused-queries.ts';
import { figures, growth } from './figures.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { redisMetrics } from './redis-figures.ts';

type Wanted = readonly (readonly [operation: string, result: string, times: number])[];

export const counts: LabCheck = {
  id: 'counts',
  title: 'Every read is counted once, as what it was',
  expected: 'hits and misses of search, byId and readers, each by its number; queries that fail, too',
  hint: 'Where does your code know that it was a hit? There, and nowhere else, one counter goes up by one.',
  hints: [
    'Four reads of one article: one miss, three hits. Which line of your code is passed exactly once by each, and knows which it is?',
    'Let the cache report: `read(operation, outcome, seconds)` at the end of each read, `load(operation, seconds, failed)` around each query. Who counts is another file.',
    { file: 'cache.ts', from: 'async function read<T>', to: 'if (kept !== undefined) return kept;' },
  ],
  async run(context) {
    const { store, weather } = context;
    await counted(
      context,
      [
        ['byId', 'miss', 1],
        ['byId', 'hit', 3],
      ],
      async () => {
        for (let n = 0; n < 4; n++) await store.byId(7);
      },
    );
    await counted(
      context,
      [
        ['search', 'miss', 2],
        ['search', 'hit', 3],
      ],
      async () => {
        for (let n = 0; n < 3; n++) await store.search('delta', 5);
        for (let n = 0; n < 2; n++) await store.search('nothing contains this', 5);
      },
    );
    await counted(
      context,
      [
        ['readers', 'miss', 2],
        ['readers', 'hit', 2],
      ],
      async () => {
        for (let n = 0; n < 2; n++) await store.readers(7);
        for (let n = 0; n < 2; n++) await store.readers(999_999);
      },
    );
    const spell = refuseQueries(weather);
    const before = await figures(context);
    await context.observe(async () => await Promise.allSettled([store.byId(11), store.byId(12)]));
    spell.stop();
    const failures = growth(before, await figures(context), 'articles_load_failures_total', {
      operation: 'byId',
    });
    if (failures !== 2) {
      fail(`MySQL refused 2 loads: articles_load_failures_total{operation="byId"} grew by ${failures}`, {
        mistake: 'failures-not-counted',
        leadsTo: 'The first sign of an outage is the telephone.',
      });
    }
    return '4 byId, 5 searches, 4 readers, 2 failures: each counted once';
  },
};

async function counted(context: Context, wanted: Wanted, reads: () => Promise<void>): Promise<void> {
  const before = await figures(context);
  await context.observe(reads);
  const after = await figures(context);
  for (const [operation, result, times] of wanted) {
    const grew = growth(before, after, 'articles_cache_reads_total', { operation, result });
    if (grew === times) continue;
    fail(
      `${count(times, result)} of ${operation}: articles_cache_reads_total{operation="${operation}",result="${result}"} grew by ${grew}`,
      {
        mistake: 'miscounted',
        leadsTo: 'A hit ratio made of wrong numbers is worse than none: it is believed.',
      },
    );
  }
  const all = wanted.reduce((sum, [, , times]) => sum + times, 0);
  const timed = growth(before, after, 'articles_read_seconds_count');
  if (timed !== all)
    fail(`${all} reads: articles_read_seconds_count grew by ${timed}`, {
      mistake: 'miscounted',
      leadsTo: 'A percentile is of the reads that were measured, and of no others.',
    });
}

export const errors: LabCheck = {
  id: 'errors',
  title: 'A read that Redis could not answer is no hit',
  expected:
    'Redis refuses: 5 reads counted as result="error", 0 as hits; redis_up 0, its figures missing, and the page still there',
  hint: 'What does your counter say when GET rejects? MySQL had to answer that read.',
  hints: [
    'Redis is down, every read goes to MySQL, all visitors are served. What should the hit ratio say?',
    'Three results, not two: the rejection of the look-up is neither a hit nor a miss. And INFO rejects, too: the page has to be made without it.',
    { file: 'cache.ts', from: "let outcome: Outcome = 'error'", to: 'watch.read' },
  ],
  async run(context) {
    const { store, weather, observe } = context;
    await observe(async () => await store.byId(7));
    const before = await figures(context);
    weather.redis.refuse();
    await observe(async () => await Promise.all([7, 7, 8, 8, 9].map(async (id) => await store.byId(id))));
    const after = await figures(context);
    const grew = (result: string) => growth(before, after, 'articles_cache_reads_total', { result });
    if (grew('hit') === 0 && grew('miss') === 0 && grew('error') < 5) {
      fail(`Redis refused, and of 5 reads ${grew('error')} were counted`, {
        mistake: 'errors-not-counted',
        leadsTo: 'Redis is down, and the graphs show nothing but a quiet day.',
      });
    }
    if (grew('hit') > 0 || grew('error') !== 5) {
      fail(
        `Redis refused, and of 5 reads ${grew('hit')} were counted as hits, ${grew('miss')} as misses and ${grew('error')} as errors`,
        {
          mistake: 'errors-as-hits',
          leadsTo:
            'Redis is down, MySQL carries everything, and the graph of the hit ratio looks as it always did.',
        },
      );
    }
    const up = after.sum('redis_up');
    if (up !== 0)
      fail(`Redis refused, and redis_up is ${up}`, {
        mistake: 'up-while-down',
        leadsTo: 'The one figure that would have told is wrong.',
      });
    const kept = redisMetrics.find((name) => Number.isFinite(after.sum(name)));
    if (kept !== undefined)
      fail(`Redis refused, and ${kept} is ${after.sum(kept)}; expected nothing`, {
        mistake: 'figures-while-away',
        leadsTo: 'A figure of Redis that Redis did not give is believed like any other.',
        hint: 'What INFO did not say is left out of the page: no 0, and not what it was before. prom-client has `remove()`.',
      });
    return '5 errors, 0 hits; redis_up 0, and no figures of Redis';
  },
};

/** Series that 200 more keys may bring: anything made of the key brings at least as many as there are keys. */
const mostMore = 60;

export const labels: LabCheck = {
  id: 'labels',
  title: 'What visitors type makes no new series',
  expected: '200 more terms, limits and ids: no series for each',
  hint: 'How many different values can each of your labels have? Multiply them.',
  hints: [
    'A label holds the term. A crawler asks for a million of them. What does Prometheus keep, and for how long?',
    'Labels hold what you can count on one hand: the operation and the result. Terms and ids belong into a log.',
    { file: 'metrics.ts', from: 'reads.inc', to: 'readSeconds.observe' },
  ],
  async run(context) {
    const { store, observe } = context;
    const reads = async (from: number) => {
      const ids = Array.from({ length: 100 }, (_, n) => from + n);
      await observe(async () => await Promise.all(ids.map(async (id) => await store.byId(id))));
      await observe(
        async () =>
          await Promise.all(ids.map(async (id) => await store.search(`term ${id}`, (id % 500) + 1))),
      );
      await observe(
        async () =>
          await Promise.all(ids.map(async (id) => await store.search(`term ${id}`, (id % 500) + 1))),
      );
    };
    await reads(1);
    const before = (await figures(context)).exposition.samples.length;
    await reads(201);
    const after = (await figures(context)).exposition.samples.length;
    // A result that was not there before, such as a slow load, is a handful more.
    if (after > before + mostMore) {
      fail(`300 reads of 200 more keys: ${after - before} more series (${after} in all)`, {
        mistake: 'unbounded-labels',
        leadsTo:
          'Every series costs Prometheus memory for weeks: one crawler, and monitoring is down for everybody.',
      });
    }
    return `${after} series, before and after 200 more keys`;
  },
};
