import {
  CallFailed,
  errorOf,
  fail,
  orFailure,
  rowsOf,
  sameValue,
  type Check,
  type MysqlEvent,
} from '@workshop/lab-kit';
import type { ArticleStore } from '../../contract.ts';
import { literalMatches, oddTerms } from '../../expected.ts';

export const answers: Check<ArticleStore> = {
  id: 'answers',
  title: 'search() returns the right articles, newest first',
  expected: 'the rows that MySQL holds, by PublishedDate from new to old, equal dates by OBJECTID',
  hint: 'GAP 1. `LIKE` with a % on both sides of the term; two columns in ORDER BY.',
  async run({ store, mysql, observe }) {
    for (const [term, limit] of [
      ['delta', 10],
      ['virus', 7],
      ['the', 500],
    ] as const) {
      const wanted = await literalMatches(mysql, term, limit);
      const { value: rows, selects } = await observe(() => store.search(term, limit));
      const call = `search('${term}', ${limit})`;
      if (selects.length === 0) fail(`${call} returned ${rows.length} rows, and no query reached MySQL`);
      if (rows.length !== wanted.length)
        fail(`${call} returned ${rows.length} rows; MySQL holds ${wanted.length}`);
      const at = wanted.findIndex((row, index) => row.OBJECTID !== rows[index]?.OBJECTID);
      if (at >= 0) {
        fail(`${call}: row ${at + 1} has OBJECTID ${rows[at]?.OBJECTID}, expected ${wanted[at]?.OBJECTID}`, {
          mistake: 'wrong-order',
          leadsTo: 'With a LIMIT, another order is not only another order: other rows are returned.',
        });
      }
      if (!sameValue(rows, wanted))
        fail(`${call}: the right ids, but the columns differ from those of the table`);
    }
    return '3 searches, every row as in MySQL';
  },
};

export const inMysql: Check<ArticleStore> = {
  id: 'in-mysql',
  title: 'MySQL filters, sorts and limits; only the wanted rows travel',
  expected: 'search(term, 6): a SELECT, or two, that bring 6 rows; byId(): the rows of one article',
  hint: 'What does the SELECT still leave for the application to do? WHERE, ORDER BY and LIMIT do it where the data is.',
  async run({ store, observe, restart }) {
    // A new process, so that what an earlier search brought is not there to be used again.
    await restart();
    // First the ids and then their rows is a fair way too; a query for each row is not.
    const seen = await observe(() => store.search('the', 6));
    if (seen.selects.length === 0) {
      fail(`search('the', 6) returned ${seen.value.length} rows, and no query reached MySQL`, {
        mistake: 'kept-in-memory',
        leadsTo: 'Every process holds a copy of the table, and none of them hears of a change.',
      });
    }
    if (seen.selects.length > 2) {
      fail(`search('the', 6) sent ${seen.selects.length} SELECTs`, {
        mistake: 'query-per-row',
        leadsTo: 'Each of them is a round trip: a page of 500 rows waits 501 times for the network.',
      });
    }
    const most = Math.max(...seen.selects.map(rowsOf));
    if (most > 6) tooManyRows("search('the', 6)", most, seen.value.length);
    const one = await observe(() => store.byId(9));
    if (one.rowsRead > 2) tooManyRows('byId(9)', one.rowsRead, 1);
    return `${seen.rowsRead} rows for a search for 6, ${one.rowsRead} for one article`;
  },
};

function tooManyRows(call: string, brought: number, returned: number): never {
  return fail(`${call} brought ${brought} rows over the network and returned ${returned}`, {
    mistake: 'work-in-the-app',
    leadsTo:
      'With 200,000 rows that is half a gigabyte read, sent and decoded for each visitor, to show 5 rows.',
  });
}

export const limit: Check<ArticleStore> = {
  id: 'limit',
  title: 'The limit is bound, and never above 500 rows',
  expected: 'limits outside 1 to 500 are refused before MySQL is asked',
  hint: 'Check `limit` before you use it: a whole number, 1 to 500. Everything else is a RangeError.',
  async run({ store, observe }) {
    const bad = [
      0,
      -1,
      501,
      100_000,
      2.5,
      Number.NaN,
      Infinity,
      '5; DROP TABLE articles',
      '5 UNION SELECT 1',
    ];
    for (const value of bad) {
      const call = `search(' ', ${typeof value === 'string' ? `'${value}'` : value})`;
      const seen = await observe(() => orFailure(store.search(' ', value as number)));
      const returned = seen.value instanceof CallFailed ? 0 : seen.value.length;
      // Refused, or cut to the range: both are right, and then so is one row for 0.
      const most = typeof value === 'number' && value < 500 ? Math.max(1, Math.ceil(value)) : 500;
      if (seen.rowsRead > 2 * 500 || returned > most) {
        fail(`${call} brought ${seen.rowsRead} rows from MySQL and returned ${returned}`, {
          mistake: 'unbounded-limit',
          leadsTo: 'One request with ?limit=1000000 fills the memory of the process and ends it for all.',
        });
      }
      const asItIs = seen.statements.find((event) => limitsSent(event).includes(String(value)));
      if (asItIs || seen.statements.some(errorOf)) {
        fail(`${call} reached MySQL: ${oneLine(asItIs?.sql ?? seen.statements.at(-1)?.sql ?? '')}`, {
          mistake: 'limit-not-checked',
          leadsTo: 'A limit is text from the address bar. What is not checked here is left to luck there.',
        });
      }
    }
    return `${bad.length} bad limits, none of them run`;
  },
};

/** What a statement has as its limit: every bound value, and what stands behind LIMIT in the text. */
function limitsSent(event: MysqlEvent): string[] {
  const inText = /\blimit\s+'?(.*?)'?\s*;?\s*$/is.exec(event.sql ?? '')?.[1];
  return [...(event.params ?? []).map(String), ...(inText === undefined ? [] : [inText])];
}

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, ' ');
}

export const injection: Check<ArticleStore> = {
  id: 'injection',
  title: 'What a visitor types never becomes SQL',
  expected: `${oddTerms.length} odd terms: each finds the sentences that contain it, letter by letter`,
  hint: 'Who turns the term into part of a statement: your template string, or the driver behind a `?`',
  async run({ store, mysql, observe }) {
    for (const term of oddTerms) {
      const wanted = await literalMatches(mysql, term, 50);
      const { value, statements } = await observe(() => orFailure(store.search(term, 50)));
      const leadsTo = 'Somebody will type a term that ends your statement and begins one of their own.';
      if (value instanceof CallFailed) {
        const broken = statements.some(
          (event) => event.result && 'error' in event.result && event.result.error.code === 1064,
        );
        fail(
          `search(${JSON.stringify(term)}, 50) failed: ${value.message}`,
          broken ? { mistake: 'concatenated-sql', leadsTo } : {},
        );
      }
      const ids = (rows: readonly { OBJECTID: number }[]) =>
        rows.map((row) => row.OBJECTID).join(', ') || 'none';
      if (ids(value) === ids(wanted)) continue;
      const wildcard = /[%_\\]/.test(term) && !/['"]/.test(term);
      fail(
        `search(${JSON.stringify(term)}, 50) found ${value.length} rows, ${wanted.length} contain it`,
        wildcard ? wildcardsNotEscaped : { mistake: 'concatenated-sql', leadsTo },
      );
    }
    return `${oddTerms.length} odd terms, each found literally`;
  },
};

const wildcardsNotEscaped = {
  mistake: 'wildcards-not-escaped',
  leadsTo: 'A visitor who looks for "100%" gets other articles, and "%" alone reads out the table.',
  hint: String.raw`Inside LIKE, % and _ are wildcards and \ takes their meaning away, also in a placeholder's value.`,
};
