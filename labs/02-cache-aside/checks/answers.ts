import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import { describe, unlike } from '../../describe.ts';
import { articleById, literalMatches, oddTerms } from '../../expected.ts';
import type { LabCheck } from './lab-check.ts';

export const answers: LabCheck = {
  id: 'answers',
  title: 'A read from a cold cache returns what MySQL holds',
  expected:
    'search(), byId() and explainSearch() answer as in lab 01, and refuse the limits they refused there',
  hint: 'Caching must not change an answer. What does a miss return now? And what does a read do that Redis has refused?',
  hints: [
    'With nothing in Redis, is your store still the one of lab 01?',
    'A miss goes to MySQL with the same SQL and the same check of `limit`, and returns what that brought, unchanged.',
    { file: 'article-store.ts', from: 'async search', to: '},' },
  ],
  async run({ store, mysql, articles, coldCache }) {
    for (const term of ['delta', ...oddTerms]) {
      await coldCache();
      const wrong = unlike(await store.search(term, 20), await literalMatches(mysql, term, 20));
      if (wrong) fail(`search(${JSON.stringify(term)}, 20) ${wrong}`);
    }
    for (const id of [1, 7]) {
      const wrong = unlike(await store.byId(id), await articleById(mysql, id));
      if (wrong) fail(`byId(${id}) ${wrong}`);
    }
    for (const [limit, most] of [
      [0, 1],
      [2.5, 3],
      [501, 500],
    ] as const) {
      const rows = await orFailure(store.search(' ', limit));
      if (rows instanceof CallFailed || rows.length <= most) continue;
      fail(`search(' ', ${limit}) returned ${rows.length} rows, expected a RangeError or ${most} at most`, {
        mistake: 'unbounded-limit',
        leadsTo: 'One request with ?limit=1000000 fills the memory of the process, and of Redis.',
      });
    }
    const plan = await store.explainSearch('delta', 10);
    if (plan.access !== 'ALL' || !(plan.rows > articles.length / 3)) {
      fail(`explainSearch('delta', 10) returned ${describe(plan)}; MySQL reads ${articles.length} rows`);
    }
    return `${oddTerms.length + 1} searches, 2 articles and a plan, as in MySQL`;
  },
};
