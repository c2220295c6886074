import { CallFailed, CallHung, fail, orFailure, sameValue, type Check } from '@workshop/lab-kit';
import type { ArticleStore } from '../../contract.ts';
import { describe } from '../../describe.ts';
import { literalMatches } from '../../expected.ts';
import { errorSwallowed, refuseQueries } from '../../refused-queries.ts';

export const pool: Check<ArticleStore> = {
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

export const errors: Check<ArticleStore> = {
  id: 'errors',
  title: 'A failing query is reported, and gives its connection back',
  expected: '40 queries that MySQL refuses: 40 rejections; the next search answers',
  hint: 'Does every path out of the function give the connection back? `finally` does, and so does `pool.execute`.',
  async run({ store, weather, mysql }) {
    const spell = refuseQueries(weather);
    for (let n = 0; n < 40; n++) {
      const value = await withoutLeak(anyCall(store, n), `${n} queries that failed`);
      if (value instanceof CallFailed) continue;
      fail(`MySQL refused the query, and the call returned ${describe(value)}`, errorSwallowed);
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

export const close: Check<ArticleStore> = {
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
