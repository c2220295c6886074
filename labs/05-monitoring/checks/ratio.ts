import { fail } from '@workshop/lab-kit';
import { figures } from './figures.ts';
import type { Context, LabCheck } from './lab-check.ts';

export const ratio: LabCheck = {
  id: 'ratio',
  title: 'The hit ratio is that of the last minute',
  expected: '40 reads with 30 hits: 0.75; a minute later NaN; then 10 misses: 0',
  hint: 'A ratio since the start of the process: how long does it take to move after a month?',
  hints: [
    'The process has served a million hits. Now everything misses, for ten minutes. What does your ratio say?',
    'Count in slices of some seconds and add up those of the last sixty. What is older goes.',
    { file: 'recent.ts', from: '#sum(count', to: 'reduce' },
  ],
  async run(context) {
    const { passTime, restart } = context;
    // A process that has counted nothing yet.
    await restart();
    await hitsAndMisses(context, 10, 3);
    await expectRatio(context, 0.75, '40 reads, 30 of them hits', 'wrong-ratio');
    // The entries of then are gone, too.
    await passTime(90_000);
    await expectRatio(context, Number.NaN, 'no read for 90 s', 'since-boot');
    await hitsAndMisses(context, 10, 0);
    await expectRatio(context, 0, '10 misses in the last minute, hits before', 'since-boot');
    return '0.75, NaN, 0';
  },
};

/** So many different articles, each read once (a miss) and then `again` times (hits). */
export async function hitsAndMisses(
  { store, observe, coldCache }: Context,
  articles: number,
  again: number,
): Promise<void> {
  await coldCache();
  await observe(async () => {
    for (let n = 0; n <= again; n++) for (let id = 1; id <= articles; id++) await store.byId(id);
  });
}

const hoursLate = 'The cache has been useless for an hour, and the ratio has fallen from 0.98 to 0.97.';

const ratioOfNothing = {
  mistake: 'ratio-of-nothing',
  leadsTo: 'On the board a quiet night looks like a cache that has failed.',
  hint: 'Hits of no reads at all is neither 0 nor 1: `NaN` says so, and the graph has a gap.',
};

async function expectRatio(context: Context, wanted: number, after: string, mistake: string): Promise<void> {
  const is = (await figures(context)).sum('articles_cache_hit_ratio');
  if (is !== undefined && (Object.is(is, wanted) || Math.abs(is - wanted) < 0.001)) return;
  fail(`${after}: articles_cache_hit_ratio is ${is ?? 'not there'}, expected ${wanted}`, {
    ...(Number.isNaN(wanted) && is === 0 ? ratioOfNothing : { mistake, leadsTo: hoursLate }),
  });
}
