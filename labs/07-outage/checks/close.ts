import { CallFailed, fail } from '@workshop/lab-kit';
import { passUntilOver, start } from '../../shared/held.ts';
import { byId } from '../../shared/hot-reads.ts';
import { count } from '../../describe.ts';
import { inTime } from './in-time.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** A deployment does not wait longer than that, ms. */
const mostMs = 5_000;

export const close: LabCheck = {
  id: 'close',
  title: 'close() ends in any weather',
  expected: `all is well, MySQL and Redis hang, both refuse: close() returns within ${mostMs / 1_000} s, and the process ends`,
  hint: 'Who takes leave of a server that does not answer waits for the answer.',
  hints: [
    'pool.end() says goodbye to MySQL. And if nobody is listening?',
    'Wait for it with a limit, and destroy the connections that are left; timers and retries end there, too.',
    { file: 'mysql.ts', from: 'async close()', to: 'connection.destroy();' },
  ],
  async run(context) {
    const { weather, restart, store } = context;
    const states: readonly [string, () => void][] = [
      ['all is well', () => {}],
      ['MySQL and Redis do not answer', () => void [weather.mysql.hang(), weather.redis.hang()]],
      ['MySQL and Redis refuse connections', () => void [weather.mysql.refuse(), weather.redis.refuse()]],
    ];
    for (const [index, [state, begin]] of states.entries()) {
      if (index > 0) await restart();
      await store.byId(7);
      begin();
      await closesWhile(context, state);
      weather.mysql.clear();
      weather.redis.clear();
    }
    return `closed in ${states.length} weathers; 0 connections, and the process ended`;
  },
};

async function closesWhile(context: Context, state: string): Promise<void> {
  const { store, observe, finish, connections } = context;
  const neverClosed = {
    mistake: 'never-closed',
    leadsTo: 'During an outage every deployment, and every restart that should help, waits for a kill.',
  };
  const left = () =>
    `${count(connections().mysql, 'connection')} to MySQL and ${connections().redis} to Redis`;
  // A deployment does not wait for the last reader.
  const reading = start(byId(8).of(store));
  await observe(async () => {});
  const closing = start(store.close());
  if (!(await passUntilOver(context, closing, mostMs)))
    fail(`${state}: close() did not return within ${mostMs / 1_000} s, with ${left()}`, neverClosed);
  const outcome = await closing.outcome;
  if (outcome instanceof CallFailed) fail(`${state}: close() failed: ${outcome.remote.message}`, neverClosed);
  await inTime(context, reading, 'byId(8), begun before close(),', state);
  if (!(await finish())) fail(`${state}: after close() the process still runs, with ${left()}`, neverClosed);
}
