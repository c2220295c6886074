import { fail, rowsOf, type FailureDetails } from '@workshop/lab-kit';
import type { ArticleRow } from '@workshop/dataset';
import { unlike } from '../../describe.ts';
import { literalMatches } from '../../expected.ts';
import type { LabCheck } from './lab-check.ts';
import { tooManyRows } from './too-many-rows.ts';

const keptInMemory = {
  mistake: 'kept-in-memory',
  leadsTo: 'Every process holds a copy of what was read once, and none of them hears of a change.',
};

export const answers: LabCheck = {
  id: 'answers',
  title: 'search() returns the right articles, newest first',
  expected: 'the rows that MySQL holds, by PublishedDate from new to old, equal dates by OBJECTID',
  hint: 'GAP 1. `LIKE` with a % on both sides of the term; two columns in ORDER BY.',
  hints: [
    'Which three things does the statement say: which rows, in which order, how many?',
    'WHERE Sentence LIKE, with a % on both sides of the term. ORDER BY takes two columns here; DESC belongs to one of them.',
    { file: 'article-store.ts', from: 'const searchSql', to: 'LIMIT ?' },
  ],
  async run({ store, mysql, observe }) {
    const searches = [
      ['delta', 10],
      ['DELTA', 10],
      ['virus', 7],
      ['the', 500],
    ] as const;
    for (const [term, limit] of searches) {
      const wanted = await literalMatches(mysql, term, limit);
      const { value: rows, selects } = await observe(() => store.search(term, limit));
      const call = `search('${term}', ${limit})`;
      const wrong = unlike(rows, wanted);
      if (selects.length === 0) {
        fail(`${call} returned ${rows.length} rows, and no query reached MySQL`, wrong ? {} : keptInMemory);
      }
      if (!wrong) continue;
      fail(`${call} ${wrong}`, whatIsWrong(rows, wanted));
    }
    return `${searches.length} searches, every row as in MySQL`;
  },
};

export const inMysql: LabCheck = {
  id: 'in-mysql',
  title: 'MySQL filters, sorts and limits; only the wanted rows travel',
  expected: 'each search(term, 6): a SELECT, or two, that bring 6 rows; byId(): the rows of one article',
  hint: 'What does the SELECT still leave for the application to do? WHERE, ORDER BY and LIMIT do it where the data is.',
  hints: [
    'How many rows cross the network for a page that shows 6?',
    'Whatever `filter`, `sort` or `slice` does after the query belongs into it: WHERE, ORDER BY, LIMIT ?.',
    { file: 'article-store.ts', from: 'const searchSql', to: 'LIMIT ?' },
  ],
  async run({ store, observe }) {
    // Twice: what is kept in the process shows at the second.
    for (const time of ['first', 'second']) {
      // First the ids and then their rows is a fair way too; a query for each row is not.
      const { value, selects } = await observe(() => store.search('the', 6));
      if (selects.length === 0) {
        fail(
          `the ${time} search('the', 6) returned ${value.length} rows, and no query reached MySQL`,
          value.length > 0 ? keptInMemory : {},
        );
      }
      if (selects.length > 2) {
        fail(`search('the', 6) sent ${selects.length} SELECTs`, {
          mistake: 'query-per-row',
          leadsTo: 'Each of them is a round trip: a page of 500 rows waits 501 times for the network.',
        });
      }
      const most = Math.max(...selects.map(rowsOf));
      if (most > 6) tooManyRows("search('the', 6)", most, value.length);
    }
    for (const time of ['first', 'second']) {
      const one = await observe(() => store.byId(9));
      if (one.value && one.selects.length === 0)
        fail(`the ${time} byId(9) returned an article, and no query reached MySQL`, keptInMemory);
      if (one.rowsRead > 2) tooManyRows('byId(9)', one.rowsRead, 1);
    }
    return '6 rows for a search for 6, one or two for an article';
  },
};

function whatIsWrong(rows: readonly ArticleRow[], wanted: readonly ArticleRow[]): FailureDetails {
  if (rows.length < wanted.length)
    return { mistake: 'rows-missing', leadsTo: 'A visitor is told that there is less than there is.' };
  const ids = (list: readonly ArticleRow[]) => list.map((row) => row.OBJECTID).join();
  if (rows.length > wanted.length || ids(rows) === ids(wanted)) return {};
  return {
    mistake: 'wrong-order',
    leadsTo: 'With a LIMIT, another order is not only another order: other rows are returned.',
  };
}
