import {
  CallFailed,
  CallHung,
  defineLab,
  errorOf,
  fail,
  orFailure,
  sameValue,
  type Check,
  type MysqlEvent,
} from '@workshop/lab-kit';
import type { ArticleStore } from '../contract.ts';
import { describe, difference } from '../describe.ts';
import { articleById, literalMatches, oddTerms } from '../expected.ts';

const answers: Check<ArticleStore> = {
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
      const { value: rows, statements } = await observe(() => store.search(term, limit));
      const call = `search('${term}', ${limit})`;
      if (!Array.isArray(rows)) fail(`${call} returned ${typeof rows}, not an array of rows`);
      if (statements.length === 0) fail(`${call} returned ${rows.length} rows, and nothing reached MySQL`);
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

const inMysql: Check<ArticleStore> = {
  id: 'in-mysql',
  title: 'MySQL filters, sorts and limits; only the wanted rows travel',
  expected: 'search(term, 5): 1 SELECT that brings 5 rows',
  hint: 'What does the SELECT still leave for the application to do? WHERE, ORDER BY and LIMIT do it where the data is.',
  async run({ store, observe }) {
    const seen = await observe(() => store.search('the', 5));
    if (seen.selects.length > 1) {
      fail(`search('the', 5) sent ${seen.selects.length} SELECTs`, {
        mistake: 'query-per-row',
        leadsTo: 'Each of them is a round trip: a page of 500 rows waits 501 times for the network.',
      });
    }
    if (seen.rowsRead > 5) {
      fail(
        `search('the', 5) brought ${seen.rowsRead} rows over the network and returned ${seen.value.length}`,
        {
          mistake: 'work-in-the-app',
          leadsTo:
            'With 200,000 rows that is half a gigabyte read, sent and decoded for each visitor, to show 5 rows.',
        },
      );
    }
    return `1 SELECT, ${seen.rowsRead} rows`;
  },
};

const wildcardsNotEscaped = {
  mistake: 'wildcards-not-escaped',
  leadsTo: 'A visitor who looks for "100%" gets other articles, and "%" alone reads out the table.',
  hint: String.raw`Inside LIKE, % and _ are wildcards and \ takes their meaning away, also in a placeholder's value.`,
};

const injection: Check<ArticleStore> = {
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

const limit: Check<ArticleStore> = {
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
      if (seen.rowsRead > 500 || returned > 500) {
        fail(`${call} brought ${seen.rowsRead} rows from MySQL`, {
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

const byId: Check<ArticleStore> = {
  id: 'by-id',
  title: 'byId() returns one article with its readers, types intact',
  expected:
    'Readers as a bigint with every digit, LastReadAt as a Date; undefined for an id that is not there',
  hint: 'GAP 2. The pool hands BIGINTs over as strings: `BigInt(text)` loses nothing, `Number(text)` does.',
  async run({ store, mysql, articles }) {
    for (const { OBJECTID: id } of [1, 7, articles.length].map((n) => articles[n - 1]!)) {
      const wanted = await articleById(mysql, id);
      const article = await store.byId(id);
      if (!article) fail(`byId(${id}) returned ${article}; MySQL holds it`);
      if (typeof article.Readers !== 'bigint') {
        fail(`byId(${id}).Readers is ${describe(article.Readers)}, expected ${wanted?.Readers}n`, {
          mistake: 'digits-lost',
          leadsTo: 'Past 9,007,199,254,740,991 a number is rounded: counts and ids are then quietly wrong.',
        });
      }
      if (!(article.LastReadAt instanceof Date)) {
        fail(`byId(${id}).LastReadAt is ${describe(article.LastReadAt)}, expected a Date`);
      }
      if (!sameValue(article, wanted)) {
        fail(`byId(${id}): ${difference(article, wanted ?? {}) ?? 'differs from the row in MySQL'}`);
      }
    }
    const missing = await store.byId(999_999);
    if (missing !== undefined) fail(`byId(999999) returned ${describe(missing)}; there is no such article`);
    return '3 articles and a missing one, as in MySQL';
  },
};

const plan: Check<ArticleStore> = {
  id: 'plan',
  title: 'explainSearch() reads the plan: a scan of the whole table',
  expected: "what EXPLAIN says of this very query: access 'ALL', no key, about as many rows as there are",
  hint: 'GAP 3. `EXPLAIN` before the same SQL and parameters; its columns are type, key and rows.',
  async run({ store, articles, observe }) {
    const seen = await observe(() => store.explainSearch('delta', 10));
    const explained = seen.statements.filter((event) =>
      /^\s*(explain|describe|desc)\b/i.test(event.sql ?? ''),
    );
    if (explained.length === 0) {
      fail(`explainSearch() returned ${JSON.stringify(seen.value)}, and no EXPLAIN reached MySQL`, {
        mistake: 'plan-made-up',
        leadsTo: 'A plan changes with the data and the indexes: one that is written down is wrong soon.',
      });
    }
    const { access, key, rows } = seen.value;
    if (access !== 'ALL' || key !== null) {
      fail(
        `access is ${describe(access)} and key ${describe(key)}; MySQL reads the whole table for this query`,
      );
    }
    if (typeof rows !== 'number' || rows < articles.length / 3 || rows > articles.length * 3) {
      fail(`rows is ${describe(rows)}; the table has ${articles.length}`);
    }
    return `access ALL, key null, ${rows} rows`;
  },
};

const pool: Check<ArticleStore> = {
  id: 'pool',
  title: 'Connections are shared, not opened for each request',
  expected: '40 searches, one after the other and then at once, over at most 20 connections',
  hint: 'Where is the pool made: once, beside the store, or inside the function that is called for each request?',
  async run({ store, observe, restart }) {
    await restart();
    const oneByOne = await observe(async () => {
      for (let n = 0; n < 20; n++) await store.search('virus', 2);
    });
    const atOnce = await observe(
      async () => await Promise.all(Array.from({ length: 20 }, () => store.byId(3))),
    );
    const opened = oneByOne.mysqlConnects + atOnce.mysqlConnects;
    if (oneByOne.mysqlConnects > 10 || opened > 20) {
      fail(`${oneByOne.mysqlConnects} connections for 20 searches in a row, ${opened} for all 40`, {
        mistake: 'connection-per-request',
        leadsTo: 'Each costs several round trips before the query starts, and MySQL refuses the 152nd.',
      });
    }
    return `40 searches, ${opened} connections`;
  },
};

const errors: Check<ArticleStore> = {
  id: 'errors',
  title: 'A failing query is reported, and gives its connection back',
  expected: '40 queries that MySQL refuses: 40 rejections; the next search answers',
  hint: 'Does every path out of the function give the connection back? `finally` does, and so does `pool.execute`.',
  async run({ store, weather, mysql }) {
    const spell = weather.mysql.fail((event) => event.kind !== 'connect' && Boolean(event.sql), {
      code: 1205,
      sqlState: 'HY000',
      message: 'Lock wait timeout exceeded; try restarting transaction',
    });
    for (let n = 0; n < 40; n++) {
      const value = await withoutLeak(searchOrById(store, n), n);
      if (value instanceof CallFailed) continue;
      fail(`MySQL refused the query, and the call returned ${describe(value)}`, {
        mistake: 'error-swallowed',
        leadsTo: 'The page says "nothing found" while the database is down, and nobody is told.',
      });
    }
    spell.stop();
    const wanted = await literalMatches(mysql, 'delta', 3);
    const rows = await withoutLeak(store.search('delta', 3), 40);
    if (rows instanceof CallFailed) fail(`once MySQL answers again, search() still fails: ${rows.message}`);
    if (!sameValue(rows, wanted))
      fail(`once MySQL answers again, search() returned ${rows.length} rows, expected ${wanted.length}`);
    return '40 refused queries, 40 rejections; then 3 rows again';
  },
};

const close: Check<ArticleStore> = {
  id: 'close',
  title: 'close() leaves no connection, and lets the process end',
  expected: 'after close(): 0 connections, and the process ends by itself',
  hint: '`pool.end()` waits for the queries that run and then closes every connection. Await it.',
  async run({ store, connections, finish, restart }) {
    await restart();
    await store.search('virus', 2);
    await store.close();
    const byItself = await finish();
    if (!byItself) {
      fail(`5 s after close() the process still runs, with ${connections().mysql} connections to MySQL`, {
        mistake: 'never-closed',
        leadsTo: 'Every deployment waits for a time-out, and the database keeps connections nobody uses.',
      });
    }
    return '0 connections, and the process ended';
  },
};

function searchOrById(store: ArticleStore, n: number): Promise<unknown> {
  return n % 2 === 0 ? store.search('virus', 2) : store.byId(3);
}

/** A pool whose connections are all lent out for good makes the next caller wait for ever. */
async function withoutLeak<T>(call: Promise<T>, queries: number): Promise<T | CallFailed> {
  try {
    return await orFailure(call);
  } catch (error) {
    if (!(error instanceof CallHung) || error.blocked) throw error;
    return fail(`after ${queries} queries that failed, the next call never returned: no connection is free`, {
      mistake: 'connection-leak',
      leadsTo: 'Ten bad queries, and the site hangs until it is restarted.',
    });
  }
}

export default defineLab<ArticleStore>({
  id: '01',
  name: 'direct-mysql',
  title: 'Direct MySQL queries',
  minutes: 25,
  checks: [answers, byId, plan, inMysql, limit, injection, pool, errors, close],
});
