import { CallHung, fail, orFailure, type CheckContext } from '@workshop/lab-kit';
import type { ArticleStore } from '../../contract.ts';
import { closes } from '../../shared/closes.ts';
import type { LabCheck } from './lab-check.ts';
import { allReturned, outcomeOf, type Outcome } from './patience.ts';

const inARow = 72;
const atOnce = 48;
const mostInARow = 10;
const most = 20;

export const pool: LabCheck = {
  id: 'pool',
  title: 'Connections are shared, and given back whatever happens',
  expected: `${inARow} calls in a row over at most ${mostInARow} connections, ${inARow + atOnce} over at most ${most}; each returns`,
  hint: 'Where is the pool made: once, beside the store, or inside the function that is called for each request?',
  hints: [
    'How many connections does your code open for 72 calls, and who gives each of them back?',
    '`createPool` once, for the store. `pool.execute` borrows and gives back; after `pool.getConnection`, `finally` must.',
    { file: 'article-store.ts', from: '// One pool', to: '});' },
  ],
  async run({ store, observe }) {
    const calls = everyWay(store);
    const row = await observe(async () => {
      const outcomes: Outcome[] = [];
      // One that never returns is enough.
      for (let n = 0; n < inARow && !(outcomes.at(-1) instanceof CallHung); n++) {
        outcomes.push(await outcomeOf(calls[n % calls.length]!()));
      }
      return outcomes;
    });
    allReturned(row.value, row, `${row.value.length} calls in a row`);
    const crowd = await observe(async () => {
      const outcomes = Array.from({ length: atOnce }, (_, n) => outcomeOf(calls[n % calls.length]!()));
      return await Promise.all(outcomes);
    });
    allReturned(crowd.value, crowd, `${atOnce} calls at once`);
    const opened = row.mysqlConnects + crowd.mysqlConnects;
    if (row.mysqlConnects > mostInARow || opened > most) {
      fail(
        `${row.mysqlConnects} new connections for ${inARow} calls in a row, ${opened} for all ${inARow + atOnce}`,
        {
          mistake: 'connection-per-request',
          leadsTo: 'Each costs several round trips before the query starts, and MySQL refuses the 152nd.',
        },
      );
    }
    const next = await observe(() => outcomeOf(store.byId(3)));
    allReturned([next.value], next, `a call after ${inARow + atOnce} others`);
    return `${inARow + atOnce} calls, ${opened} new connections`;
  },
};

/** Each way through the code that may borrow a connection: with rows, without, refused. */
function everyWay(store: CheckContext<ArticleStore>['store']): (() => Promise<unknown>)[] {
  return [
    () => store.search('virus', 2),
    () => store.search('nothing contains this', 2),
    () => orFailure(store.search('virus', 0)),
    () => store.byId(3),
    () => store.byId(999_999),
    () => store.explainSearch('virus', 2),
  ];
}

export const close: LabCheck = {
  id: 'close',
  title: 'close() leaves no connection, and lets the process end',
  expected: 'after close(): 0 connections, and the process ends by itself',
  hint: '`pool.end()` waits for the queries that run and then closes every connection. Await it.',
  hints: [
    'What keeps a Node process running when its work is done?',
    'An open connection does. The pool has a function that closes all of them.',
    { file: 'article-store.ts', from: 'async close()', to: '},' },
  ],
  async run(context) {
    await context.store.search('virus', 2);
    return await closes(context);
  },
};
