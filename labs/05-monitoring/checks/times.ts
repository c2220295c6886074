import { fail, Observation, type MysqlEvent } from '@workshop/lab-kit';
import { figures, growth } from './figures.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** How long the slow query takes, ms; the guide calls slow what takes more than half a second. */
const slowMs = 1_200;
/** As one that is only just slow. */
export const justSlowMs = 700;

const isSelect = (event: MysqlEvent): boolean => new Observation([event]).selects.length > 0;

/** Runs reads of which each waits for MySQL so long. */
export async function slowly(
  { weather, passTime, observe }: Context,
  reads: () => Promise<unknown>,
  ms = slowMs,
): Promise<void> {
  const hang = weather.mysql.hang(isSelect);
  await observe(async () => {
    const all = reads();
    all.catch(() => {});
    await passTime(ms);
    hang.stop();
    await all;
  });
}

const slowNotCounted = {
  mistake: 'slow-not-counted',
  leadsTo: 'The slow query is the first thing anybody asks for.',
};

export const times: LabCheck = {
  id: 'times',
  title: 'Times are in histograms, in seconds; slow loads stand out',
  expected: `40 fast loads and 2 of ${slowMs / 1_000} s: 2 above the bucket of 1 s, 0 above that of 2.5 s; 2 slow loads, and 1 more of ${justSlowMs / 1_000} s`,
  hint: 'Observe each time by itself, in seconds, and let the buckets do the rest: nothing is to be averaged.',
  hints: [
    'Forty loads of 1 ms and two of 0.8 s: what is the mean, and what does it say about the two?',
    '`histogram.observe(seconds)` for each load. A percentile is worked out from the buckets by whoever asks.',
    { file: 'metrics.ts', from: 'loadSeconds.observe', to: 'slow.inc' },
  ],
  async run(context) {
    const { store, observe } = context;
    const before = await figures(context);
    for (let id = 1; id <= 40; id += 10) {
      const ids = Array.from({ length: 10 }, (_, n) => id + n);
      for (const each of ids) await observe(async () => await store.byId(each));
    }
    await slowly(context, async () => await Promise.all([store.byId(51), store.byId(52)]));
    const after = await figures(context);
    for (const [name, labels] of [
      ['articles_load_seconds', { operation: 'byId' }],
      ['articles_read_seconds', { operation: 'byId', result: 'miss' }],
    ] as const) {
      const all = growth(before, after, `${name}_count`, labels);
      const upTo = (bound: number) =>
        (after.upTo(name, bound, labels) ?? 0) - (before.upTo(name, bound, labels) ?? 0);
      const [slow, verySlow] = [all - upTo(1), all - upTo(2.5)];
      if (all === 42 && slow === 2 && verySlow === 0) continue;
      fail(
        `40 fast reads and 2 of ${slowMs / 1_000} s: ${name} has ${all} observations, ${slow} above 1 s, ${verySlow} above 2.5 s`,
        {
          mistake: 'times-lost',
          leadsTo:
            'The visitors who wait are the slowest in a hundred: a mean does not show them, nor does a time in the wrong unit.',
        },
      );
    }
    const slowLoads = growth(before, after, 'articles_slow_loads_total', { operation: 'byId' });
    if (slowLoads !== 2)
      fail(
        `2 loads of ${slowMs / 1_000} s: articles_slow_loads_total{operation="byId"} grew by ${slowLoads}`,
        slowNotCounted,
      );
    const sum = growth(before, after, 'articles_load_seconds_sum', { operation: 'byId' });
    if (sum < 2 || sum > 60)
      fail(
        `42 loads, 2 of them of ${slowMs / 1_000} s: articles_load_seconds_sum grew by ${sum.toFixed(3)}`,
        {
          mistake: 'wrong-unit',
          leadsTo: 'Prometheus reckons in seconds: a graph that is off by a thousand.',
        },
      );
    await slowly(context, async () => await store.byId(53), justSlowMs);
    const more = growth(after, await figures(context), 'articles_slow_loads_total', { operation: 'byId' });
    if (more !== 1)
      fail(
        `1 load of ${justSlowMs / 1_000} s: articles_slow_loads_total{operation="byId"} grew by ${more}`,
        slowNotCounted,
      );
    return '43 loads: 3 slow ones, in the right buckets';
  },
};
