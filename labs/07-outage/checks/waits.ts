import { CallFailed, fail } from '@workshop/lab-kit';
import { isSelect, start } from '../../shared/held.ts';
import { byId, readers, search, type HotRead } from '../../shared/hot-reads.ts';
import { unlike } from '../../describe.ts';
import { allInTime, allOver, articles, limitMs, untilOver } from './in-time.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { allRefused } from './refusals.ts';
import { wellAgain } from './well-again.ts';

export const waits: LabCheck = {
  id: 'waits',
  title: 'Nobody waits without end',
  expected: `MySQL does not answer, and then Redis neither: every read is refused within ${limitMs / 1_000} s`,
  hint: 'For what can a read wait: a connection, a place in the pool, an answer, the load of another? Each needs an end.',
  hints: [
    'MySQL takes your query and never answers. When does your caller hear of it?',
    'One time limit for the whole of a read: waiting for a connection counts, and waiting for the load of another process, too. `AbortSignal.timeout(ms)` and a race do it.',
    { file: 'mysql.ts', from: 'async function lend<T>', to: 'else connection.release();' },
  ],
  async run(context) {
    const { store, another, weather, restart, observe } = context;
    const { store: other, kill } = await another();
    const reads = [search('delta', 20), byId(7), readers(12)];
    const slow = weather.mysql.hang((event) => isSelect(event) || /^explain\b/i.test(event.sql ?? ''));
    const silent = 'MySQL does not answer queries';
    const begin = (each: readonly HotRead[], process: Context['store']) =>
      each.map((read) => ({ call: read.call, pending: start(read.of(process)) }));
    const plan = { call: "explainSearch('delta', 3)", pending: start(store.explainSearch('delta', 3)) };
    const first = [...begin([byId(6)], store), plan];
    allRefused(await allOver(context, first, silent), silent);
    // Another process has begun to load the same, and dies.
    begin(reads, other);
    await observe(async () => {});
    await kill();
    const killed = `${silent}, and another process that loaded the same was killed`;
    allRefused(await allOver(context, begin(reads, store), killed), killed);
    // More want a connection than there are.
    const crowd = await allInTime(context, articles(20, 25), silent);
    allRefused(crowd, silent);
    slow.stop();
    await restart();
    weather.mysql.hang();
    const unreachable = 'MySQL accepts connections and says nothing';
    // Other reads: a load of the other process may have gone on meanwhile, and stored its answer.
    allRefused(
      await allInTime(context, [byId(8), search('virus', 4), readers(13)], unreachable),
      unreachable,
    );
    weather.redis.hang();
    const both = 'neither MySQL nor Redis answers';
    allRefused(await allInTime(context, [byId(9), search('virus', 3), readers(14)], both), both);
    return `${first.length + crowd.length + 3 * reads.length} reads, all refused within ${limitMs / 1_000} s`;
  },
};

/** More than a pool has. */
const hung = 30;

export const hungQueries: LabCheck = {
  id: 'hung-queries',
  title: 'A query that hangs takes nothing with it',
  expected: `${hung} queries hang for good: within 10 s others are answered`,
  hint: 'Your caller has given up. And the connection, on which the query still is? And its place?',
  hints: [
    'Ten queries hang, your callers have been told. Which connections does the pool lend to the next ones?',
    'A connection whose query was given up is destroyed, not released. And a place is given back in `finally`.',
    { file: 'mysql.ts', from: '// MySQL may still be at work', to: 'connection.destroy();' },
  ],
  async run(context) {
    const spell = untilOver();
    context.weather.mysql.hang(spell.match);
    await allInTime(context, articles(20, hung), 'MySQL does not answer queries');
    spell.over();
    for (const read of articles(100, 12))
      await wellAgain(context, read, `${hung} queries hang, others are answered`);
    return `12 of 12 reads answered while ${hung} queries hung`;
  },
};

/** How long a query may well take, ms. */
const slowMs = 500;

export const patience: LabCheck = {
  id: 'patience',
  title: 'A query that is merely slow is waited for',
  expected: `a query of ${slowMs} ms is answered`,
  hint: 'How long does your slowest query take on a bad day? The limit is well above that.',
  hints: [
    'What is worse on a busy day: a page that takes a second, or none?',
    'A limit below a second refuses what MySQL would have answered. Two seconds leave one for everything else.',
    { file: 'mysql.ts', from: 'const limitMs', to: 'const limitMs' },
  ],
  async run({ store, weather, mysql, passTime }) {
    for (const read of [search('delta', 20), byId(7)]) {
      const hold = weather.mysql.hold(isSelect);
      const call = start(read.of(store));
      await hold.arrived;
      await passTime(slowMs);
      hold.release();
      const value = await call.outcome;
      const leadsTo = 'On the day when MySQL is a little slow, the site is down.';
      const details = { mistake: 'gives-up-too-soon', leadsTo };
      if (value instanceof CallFailed)
        fail(`the query of ${read.call} took ${slowMs} ms, and it failed: ${value.remote.message}`, details);
      const wrong = unlike(value, await read.wanted(mysql));
      if (wrong) fail(`the query of ${read.call} took ${slowMs} ms, and it ${wrong}`, details);
    }
    return `2 queries of ${slowMs} ms, answered`;
  },
};
