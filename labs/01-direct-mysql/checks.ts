import {
  CallFailed,
  CallHung,
  defineLab,
  errorOf,
  fail,
  orFailure,
  rowsOf,
  sameValue,
  withoutComments,
  type Check,
  type MysqlEvent,
} from '@workshop/lab-kit';
import type { ArticleStore, QueryPlan } from '../contract.ts';
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

function tooManyRows(call: string, brought: number, returned: number): never {
  return fail(`${call} brought ${brought} rows over the network and returned ${returned}`, {
    mistake: 'work-in-the-app',
    leadsTo:
      'With 200,000 rows that is half a gigabyte read, sent and decoded for each visitor, to show 5 rows.',
  });
}

const inMysql: Check<ArticleStore> = {
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
    const pasted = await orFailure(store.byId('999999 OR 1=1' as unknown as number));
    if (pasted !== undefined && !(pasted instanceof CallFailed)) {
      fail(`byId('999999 OR 1=1') returned the article ${pasted.OBJECTID}; there is no 999999`, {
        mistake: 'concatenated-sql',
        leadsTo: 'An id comes from the address bar, whatever its type says: this one reads any row.',
      });
    }
    const missing = await store.byId(999_999);
    if (missing !== undefined) fail(`byId(999999) returned ${describe(missing)}; there is no such article`);
    return '3 articles and a missing one, as in MySQL';
  },
};

const plan: Check<ArticleStore> = {
  id: 'plan',
  title: 'explainSearch() reads the plan: a scan of the whole table',
  expected:
    "what EXPLAIN says of the query of search(): access 'ALL', no key, about as many rows as there are",
  hint: 'GAP 3. `EXPLAIN` before the same SQL and parameters; its columns are type, key and rows.',
  async run({ store, mysql, articles, observe }) {
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
    const odd = await orFailure(store.explainSearch("O'Brien", 10));
    if (odd instanceof CallFailed) {
      fail(`explainSearch("O'Brien", 10) failed: ${odd.remote.message}`, {
        mistake: 'concatenated-sql',
        leadsTo: 'Somebody will type a term that ends your statement and begins one of their own.',
      });
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

/** A BIGINT column may come as a string; whether it does is not what this lab is about. */
function checkPlan({ access, key, rows }: Record<keyof QueryPlan, unknown>, tableRows: number): void {
  if (access !== 'ALL' || key !== null) {
    fail(
      `access is ${describe(access)} and key ${describe(key)}; MySQL reads the whole table for this query`,
    );
  }
  // InnoDB estimates.
  const estimate = Number(rows);
  if (!(estimate > tableRows / 3 && estimate < tableRows * 3)) {
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

const pool: Check<ArticleStore> = {
  id: 'pool',
  title: 'Connections are shared, and given back whatever happens',
  expected: '120 calls, one after the other and then at once, over at most 20 connections',
  hint: 'Where is the pool made: once, beside the store, or inside the function that is called for each request?',
  async run({ store, observe, restart }) {
    await restart();
    const calls: (() => Promise<unknown>)[] = [
      () => store.search('virus', 2),
      () => store.search('nothing contains this', 2),
      () => orFailure(store.search('virus', 0)),
      () => store.byId(3),
      () => store.byId(999_999),
      () => store.explainSearch('virus', 2),
    ];
    const oneByOne = await observe(async () => {
      for (let n = 0; n < 60; n++) await withoutLeak(calls[n % calls.length]!(), `${n} calls`);
    });
    const atOnce = await observe(
      async () => await Promise.all(Array.from({ length: 60 }, (_, n) => calls[n % calls.length]!())),
    );
    const opened = oneByOne.mysqlConnects + atOnce.mysqlConnects;
    if (oneByOne.mysqlConnects > 10 || opened > 20) {
      fail(`${oneByOne.mysqlConnects} connections for 60 calls in a row, ${opened} for all 120`, {
        mistake: 'connection-per-request',
        leadsTo: 'Each costs several round trips before the query starts, and MySQL refuses the 152nd.',
      });
    }
    return `120 calls, ${opened} connections`;
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
      const value = await withoutLeak(anyCall(store, n), `${n} queries that failed`);
      if (value instanceof CallFailed) continue;
      fail(`MySQL refused the query, and the call returned ${describe(value)}`, {
        mistake: 'error-swallowed',
        leadsTo: 'The page says "nothing found" while the database is down, and nobody is told.',
      });
    }
    spell.stop();
    const wanted = await literalMatches(mysql, 'delta', 3);
    const rows = await withoutLeak(store.search('delta', 3), '40 queries that failed');
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

function anyCall(store: ArticleStore, n: number): Promise<unknown> {
  const calls = [() => store.search('virus', 2), () => store.byId(3), () => store.explainSearch('virus', 2)];
  return calls[n % calls.length]!();
}

/** A pool whose connections are all lent out for good makes the next caller wait for ever. */
async function withoutLeak<T>(call: Promise<T>, before: string): Promise<T | CallFailed> {
  try {
    return await orFailure(call);
  } catch (error) {
    if (!(error instanceof CallHung) || error.blocked) throw error;
    return fail(`after ${before}, the next one never returned: no connection is free`, {
      mistake: 'connection-leak',
      leadsTo: 'Ten such requests, and the site hangs until it is restarted.',
    });
  }
}

export default defineLab<ArticleStore>({
  id: '01',
  name: 'direct-mysql',
  title: 'Direct MySQL queries',
  minutes: 25,
  returns: { search: 'rows', byId: 'row', explainSearch: 'object' },
  checks: [answers, inMysql, byId, plan, limit, injection, pool, errors, close],
});
