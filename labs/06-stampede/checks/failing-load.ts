import { CallFailed, errorOf, fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { refuseQueries } from '../../refused-queries.ts';
import { passUntilOver, start } from '../../shared/held.ts';
import type { LabCheck } from './lab-check.ts';
import { byId, search } from '../../shared/hot-reads.ts';

const callers = 20;
const soonMs = 2_000;
/** Queries that may be tried for all of them. */
const mostQueries = 10;

export const failingLoad: LabCheck = {
  id: 'failing-load',
  title: 'A load that fails is over, for everybody who waited for it',
  expected: `MySQL refuses: ${2 * callers} callers in 2 processes rejected within ${soonMs / 1_000} s, at most ${mostQueries} queries; then the next read loads`,
  hint: 'Which line runs when the load rejects? The lock and the Map must be left as if it had succeeded.',
  hints: [
    'The query fails. Who lets go of the lock, and who takes the load out of the Map?',
    '`finally`, in both places. And the callers who shared the load share its error: forty callers who each try again are a stampede of failing queries.',
    { file: 'cache.ts', from: 'if (lock) return await loadAndStore', to: 'await lock?.release();' },
  ],
  async run(context) {
    const { store, another, weather, mysql, observe } = context;
    const { store: other } = await another();
    for (const read of [search('delta', 20), byId(7)]) {
      const spell = refuseQueries(weather);
      const seen = await observe(async () => {
        const calls = [store, other].flatMap((each) =>
          Array.from({ length: callers }, () => start(read.of(each))),
        );
        const all = start(Promise.all(calls.map(async (call) => await call.outcome)));
        if (!(await passUntilOver(context, all, soonMs))) {
          const open = calls.filter((call) => !call.isOver()).length;
          fail(
            `MySQL refused the query of ${read.call}; ${soonMs / 1_000} s later ${open} of ${calls.length} callers still wait`,
            {
              mistake: 'failure-locks-out',
              leadsTo: 'A second of trouble in MySQL becomes as many seconds as the lock lives.',
            },
          );
        }
        return await all.outcome;
      });
      if (seen.value instanceof CallFailed) throw seen.value;
      const answered = seen.value.find((value) => !(value instanceof CallFailed));
      if (answered !== undefined || seen.value.some((value) => value === undefined))
        fail(`MySQL refused the query, and ${read.call} was answered all the same`, {
          mistake: 'error-swallowed',
          leadsTo: 'The page says "nothing found" while the database is down, and nobody is told.',
        });
      // Refused when it is prepared, a query is never executed.
      const queries = seen.mysql.filter(errorOf).length;
      if (queries > mostQueries) {
        fail(`MySQL refused: ${queries} queries for ${2 * callers} callers of ${read.call}`, {
          mistake: 'retries-for-each',
          leadsTo: 'A database that is ill gets the stampede all the same, one after the other.',
        });
      }
      spell.stop();
      for (const each of [store, other]) {
        const next = start(read.of(each));
        if (!(await passUntilOver(context, next, 1_000))) {
          fail(`MySQL answers again, and ${read.call} was not answered within 1 s`, {
            mistake: 'failure-locks-out',
            leadsTo: 'A second of trouble in MySQL becomes as many seconds as the lock lives.',
          });
        }
        const value = await next.outcome;
        if (value instanceof CallFailed) {
          fail(`MySQL answers again, and ${read.call} still fails: ${value.remote.message}`, {
            mistake: 'failure-kept',
            leadsTo: 'The error of one moment is what everybody gets until the process is restarted.',
          });
        }
        const wrong = unlike(value, await read.wanted(mysql));
        if (wrong) fail(`MySQL answers again, and ${read.call} ${wrong}`);
      }
    }
    return `${2 * callers} callers rejected, then answered, for 2 reads`;
  },
};
