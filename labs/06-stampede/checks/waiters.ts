import { fail } from '@workshop/lab-kit';
import { isSelect, start } from '../../shared/held.ts';
import type { LabCheck } from './lab-check.ts';
import { search } from '../../shared/hot-reads.ts';

const callers = 20;
/** How long the query takes, ms, while the others wait. */
const queryMs = 2_000;
/** Commands to Redis meanwhile, by both processes. */
const most = 100;

export const waiters: LabCheck = {
  id: 'waiters',
  title: 'Who waits for a load asks Redis now and then, not all the time',
  expected: `${callers} callers in each of 2 processes, a query of ${queryMs / 1_000} s: at most ${most} commands to Redis`,
  hint: 'How often does a process ask whether the entry is there, and does each of its callers ask for itself?',
  hints: [
    'A thousand visitors wait for one query of two seconds. How many commands does Redis get from them in that time?',
    'One caller of a process does the waiting, the others share its promise. Between two looks it pauses: 10 ms at first, twice as long each time, a quarter of a second at most, at random so that processes do not come together.',
    { file: 'cache.ts', from: 'for (let pauseMs', to: 'await setTimeout(pauseMs' },
  ],
  async run({ store, another, observe, weather, passTime }) {
    const { store: other } = await another();
    const read = search('delta', 20);
    const hold = weather.mysql.hold(isSelect);
    const calls = [store, other].flatMap((each) =>
      Array.from({ length: callers }, () => start(read.of(each))),
    );
    await hold.arrived;
    // Until all is at rest: by then each has looked for the entry, and from here on they wait. No longer than that: who
    // never rests would use up the time for which it is willing to wait.
    await passTime(1);
    const seen = await observe(async () => await passTime(queryMs));
    hold.release();
    await Promise.all(calls.map(async (call) => await call.outcome));
    const commands = seen.redis.length;
    if (commands > most) {
      fail(
        `${2 * callers} callers waited ${queryMs / 1_000} s for a load: ${commands} commands to Redis meanwhile`,
        {
          mistake: 'polls-without-pause',
          leadsTo:
            'The stampede that MySQL was spared reaches Redis instead, and every other read gets slower.',
        },
      );
    }
    return `${2 * callers} callers, ${queryMs / 1_000} s: ${commands} commands`;
  },
};
