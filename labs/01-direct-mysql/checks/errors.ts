import { fail } from '@workshop/lab-kit';
import { describe, unlike } from '../../describe.ts';
import { errorSwallowed, refuseQueries } from '../../refused-queries.ts';
import { attemptsUntil } from '../../shared/attempts.ts';
import { articleReads } from '../../shared/reads.ts';
import type { LabCheck } from './lab-check.ts';
import { allReturned, isRefusal, outcomeOf } from './patience.ts';

/** More of each kind than a pool may have connections. */
const ofEach = 21;

export const errors: LabCheck = {
  id: 'errors',
  title: 'A failing query is reported, and gives its connection back',
  expected: `${3 * ofEach} queries that MySQL refuses: ${3 * ofEach} rejections; the next call answers`,
  hint: 'Where does the error go between the query and the caller? A `catch` that returns something ends its way.',
  hints: [
    'When a query fails, who hears of it, and where is the connection that it ran on?',
    'Let the error pass: no `catch` that returns something. A borrowed connection is released in `finally`.',
    { file: 'article-store.ts', from: '// `execute` borrows', to: 'byIdSql, [id]' },
  ],
  async run({ store, weather, mysql, observe }) {
    const kinds = [
      ["search('virus', 2)", () => store.search('virus', 2)],
      ['byId(3)', () => store.byId(3)],
      ["explainSearch('virus', 2)", () => store.explainSearch('virus', 2)],
    ] as const;
    const spell = refuseQueries(weather);
    for (const [call, run] of kinds) {
      const seen = await observe(
        async () => await Promise.all(Array.from({ length: ofEach }, async () => await outcomeOf(run()))),
      );
      allReturned(seen.value, seen, `${ofEach} times ${call}, which MySQL refused`);
      const answered = seen.value.filter((outcome) => !isRefusal(outcome));
      if (answered.length === 0) continue;
      fail(
        `MySQL refused ${ofEach} times ${call}; ${answered.length} calls returned ${describe(answered[0])}`,
        errorSwallowed,
      );
    }
    spell.stop();
    for (const { call, read, wanted } of await articleReads({ store, mysql }, 'delta', 3)) {
      const after = await observe(() => outcomeOf(read()));
      allReturned([after.value], after, `${call} after ${3 * ofEach} queries that failed`);
      if (isRefusal(after.value)) fail(`MySQL answers again, and ${after.value.message}`);
      const wrong = unlike(after.value, wanted);
      if (wrong) fail(`MySQL answers again, and ${call} ${wrong}`);
    }
    return `${3 * ofEach} refused queries, ${3 * ofEach} rejections; then rows again`;
  },
};

/** How long a store may take to find MySQL again, ms. A pool needs a call or two. */
const limitMs = 5_000;

export const mysqlReturns: LabCheck = {
  id: 'mysql-returns',
  title: 'After MySQL was away, the store answers again',
  expected: 'MySQL restarts: rejections meanwhile; then rows, without a restart of the store',
  hint: 'A connection that is lost does not come back. A pool opens another; a single connection stays dead.',
  hints: [
    'MySQL is restarted and all its connections end. What does your store do at the next call?',
    'A connection made once with `createConnection` is gone for good. A pool throws lost ones away and opens others.',
    { file: 'article-store.ts', from: '// One pool', to: '});' },
  ],
  async run({ store, weather, mysql, observe, passTime }) {
    const [search, byId] = await articleReads({ store, mysql }, 'virus', 3);
    for (const { read } of [search, byId]) await read();
    const spell = weather.mysql.refuse();
    for (const { call, read } of [search, byId]) {
      const seen = await observe(() => outcomeOf(read()));
      allReturned([seen.value], seen, `${call} while MySQL was away`);
      if (!isRefusal(seen.value))
        fail(`MySQL was away, and ${call} returned ${describe(seen.value)}`, errorSwallowed);
    }
    spell.stop();
    for (const { call, read, wanted } of [search, byId]) {
      let calls = 0;
      const hasRows = async () => {
        calls++;
        return unlike(await outcomeOf(read()), wanted) === undefined;
      };
      if (await attemptsUntil(hasRows, passTime, limitMs)) continue;
      fail(`MySQL has been back for ${limitMs / 1_000} s, and ${calls} times ${call} gave no rows`, {
        mistake: 'connection-not-replaced',
        leadsTo: 'After each restart of the database somebody has to restart every server of the site.',
      });
    }
    return '2 rejections while MySQL was away; rows again when it was back';
  },
};
