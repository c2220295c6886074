import { CallFailed, fail, type MysqlEvent } from '@workshop/lab-kit';
import { isSelect, start } from '../../shared/held.ts';
import { unlike } from '../../describe.ts';
import { allInTime, articles } from './in-time.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { wellAgain } from './well-again.ts';

/** Queries of one process at MySQL at once, at most. */
const mostAtOnce = 10;
/** Reads that may wait behind them, at most. */
const mostWaiting = 50;
const callers = 100;
/** As many as may come without anybody being refused. */
const burst = 30;

export const cap: LabCheck = {
  id: 'cap',
  title: 'No more loads at once than MySQL can bear',
  expected: `${callers} different reads at once: at most ${mostAtOnce} queries at a time, ${mostWaiting} reads wait, the others are refused at once`,
  hint: 'One load for each key is not enough, when a hundred keys are cold. How many may load at once, and how many may wait for that?',
  hints: [
    'Redis was emptied. A hundred visitors want a hundred different pages. How many queries does MySQL get at the same time, and what becomes of visitor number 100?',
    'Count those that load. From a number on the next ones wait in a line; and when the line is long, say no at once: whoever waits at its end has left by then.',
    { file: 'cap.ts', from: 'async #place(', to: 'throw new TooBusy' },
  ],
  async run(context) {
    await noOneRefused(context);
    const { store, weather, observe, passTime } = context;
    const hang = weather.mysql.hang(isSelect);
    const seen = await observe(async () => {
      const calls = articles(100, callers).map((read) => start(read.of(store)));
      const waiting = await observe(async () => await passTime(500));
      const refused = calls.filter((call) => call.isOver()).length;
      atMostAtOnce(waiting.selects.length);
      if (refused < callers - mostAtOnce - mostWaiting) {
        fail(
          `${callers} different reads at once, and MySQL answers none: ${callers - refused} of them wait`,
          {
            mistake: 'line-without-end',
            leadsTo:
              'In an outage each server holds thousands of requests whose visitors have long gone away, and answers them first when MySQL is back.',
          },
        );
      }
      hang.stop();
      await Promise.all(calls.map(async (call) => await call.outcome));
      return refused;
    });
    atMostAtOnce(mostOverlapping(seen.selects));
    await wellAgain(context, articles(300, 1)[0]!, `${callers} reads at once are over`);
    return `${callers} reads at once: at most ${mostOverlapping(seen.selects)} queries at a time, ${seen.value} refused`;
  },
};

function atMostAtOnce(count: number): void {
  if (count <= mostAtOnce) return;
  fail(`${callers} different reads at once: ${count} queries at MySQL at the same time`, {
    mistake: 'no-cap',
    leadsTo:
      'After a restart of Redis every page is cold: MySQL gets them all at once, each query slows down the others, and none is ever done.',
  });
}

async function noOneRefused(context: Context): Promise<void> {
  const reads = articles(20, burst);
  const outcomes = await allInTime(context, reads, 'MySQL is well');
  for (const [index, read] of reads.entries()) {
    const value = outcomes[index];
    if (value instanceof CallFailed) {
      fail(
        `${burst} different reads at once, with MySQL well: ${read.call} failed: ${value.remote.message}`,
        {
          mistake: 'refuses-too-soon',
          leadsTo: 'Every small rush of visitors is an outage of its own.',
        },
      );
    }
    const wrong = unlike(value, await read.wanted(context.mysql));
    if (wrong) fail(`${burst} different reads at once: ${read.call} ${wrong}`);
  }
}

/** How many were under way at the same moment, at most. */
function mostOverlapping(events: readonly MysqlEvent[]): number {
  return Math.max(
    0,
    ...events.map(
      ({ startedAt }) =>
        events.filter((each) => each.startedAt <= startedAt && (each.endedAt ?? Infinity) > startedAt).length,
    ),
  );
}
