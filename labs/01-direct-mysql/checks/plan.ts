import { CallFailed, fail, orFailure, withoutComments, type MysqlEvent } from '@workshop/lab-kit';
import type { QueryPlan } from '../../contract.ts';
import { describe } from '../../describe.ts';
import { concatenated, type LabCheck } from './lab-check.ts';

export const plan: LabCheck = {
  id: 'plan',
  title: 'explainSearch() reads the plan: a scan of the whole table',
  expected:
    "what EXPLAIN says of the query of search(): access 'ALL', no key, about as many rows as there are",
  hint: 'GAP 3. `EXPLAIN` before the same SQL and parameters; its columns are type, key and rows.',
  hints: [
    'What would you type in a MySQL client to see how it will run your query?',
    'EXPLAIN goes before the SQL of `search`, with the same parameters. It returns one row: `type`, `key` and `rows` are wanted.',
    { file: 'article-store.ts', from: 'async explainSearch', to: '},' },
  ],
  async run({ store, mysql, articles, observe }) {
    // EXPLAIN goes by statistics, and those of a table that has just been filled may be of before.
    await mysql.query('ANALYZE TABLE articles');
    const searched = await observe(() => store.search('delta', 10));
    const seen = await observe(() => store.explainSearch('delta', 10));
    const explained = seen.statements.map((event) => explainedQuery(event)).find((sql) => sql !== undefined);
    const madeUp = {
      mistake: 'plan-made-up',
      leadsTo: 'A plan changes with the data and the indexes: one that is written down is wrong soon.',
    };
    if (explained === undefined) {
      fail(`explainSearch() returned ${describe(seen.value)}, and no EXPLAIN reached MySQL`, madeUp);
    }
    if (!searched.selects.some((event) => shapeOf(event.sql ?? '') === explained)) {
      fail(`what is explained is another query than that of search(): ${explained}`, {
        mistake: 'another-query-explained',
        leadsTo: 'One looks at a fast plan, while the visitors wait for the other.',
      });
    }
    for (const term of ["O'Brien", '"mild"', String.raw`\' OR 1=1 -- `]) {
      const odd = await orFailure(store.explainSearch(term, 10));
      if (!(odd instanceof CallFailed)) continue;
      fail(`explainSearch(${JSON.stringify(term)}, 10) failed: ${odd.remote.message}`, concatenated);
    }
    if (seen.selects.length > 0)
      fail(`explainSearch() ran the query itself as well: ${seen.rowsRead} rows read`);
    checkPlan(seen.value, articles.length);
    // The same question of a table of 40 rows: only who asks knows that the answer is another.
    await mysql.query('CREATE TABLE articles_few LIKE articles');
    await mysql.query('INSERT INTO articles_few SELECT * FROM articles ORDER BY OBJECTID LIMIT 40');
    await mysql.query('ANALYZE TABLE articles_few');
    await mysql.query('RENAME TABLE articles TO articles_all, articles_few TO articles');
    try {
      const few = await store.explainSearch('delta', 10);
      if (few.rows > 120) fail(`rows is ${describe(few.rows)} with 40 rows in the table`, madeUp);
    } finally {
      await mysql.query('RENAME TABLE articles TO articles_few, articles_all TO articles');
      await mysql.query('DROP TABLE articles_few');
    }
    return `access ALL, key null, ${seen.value.rows} rows`;
  },
};

function checkPlan({ access, key, rows }: Record<keyof QueryPlan, unknown>, tableRows: number): void {
  if (access !== 'ALL' || key !== null) {
    fail(
      `access is ${describe(access)} and key ${describe(key)}; MySQL reads the whole table for this query`,
    );
  }
  if (typeof rows !== 'number') {
    fail(`rows is ${describe(rows)}, expected a number`, {
      mistake: 'rows-as-text',
      leadsTo: "Text compares letter by letter: '9' is then more than '200000', and no alarm tells you.",
      hint: 'BIGINT columns come as text with this pool, and `rows` is one: `Number(...)` it.',
    });
  }
  // InnoDB estimates.
  if (!(rows > tableRows / 3 && rows < tableRows * 3)) {
    fail(`rows is ${describe(rows)}; the table has ${tableRows}`);
  }
}

/** The query behind EXPLAIN, in the form that `shapeOf` gives; undefined for another statement. */
function explainedQuery(event: MysqlEvent): string | undefined {
  const match =
    /^(?:explain|describe|desc)\s+(?:(?:extended|partitions)\s+|format\s*=\s*\S+\s+)*(.*)$/is.exec(
      withoutComments(event.sql ?? ''),
    );
  return match?.[1] === undefined || !/\s/.test(match[1]) ? undefined : shapeOf(match[1]);
}

/** A statement without its values, as they stand in the text or are bound apart: the same query has the same shape. */
function shapeOf(sql: string): string {
  return withoutComments(sql)
    .replace(/'(?:[^'\\]|\\.|'')*'|\b\d+\b/g, '?')
    .replace(/\s+/g, ' ')
    .replace(/\s*;\s*$/, '')
    .trim();
}
