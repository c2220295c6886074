import { CallFailed, fail, orFailure, type Observation } from '@workshop/lab-kit';
import { isSelect } from '../../shared/held.ts';
import { byId } from '../../shared/hot-reads.ts';
import { unlike } from '../../describe.ts';
import { attemptsUntil } from '../../shared/attempts.ts';
import { hitAgain, hitBefore } from '../../shared/hit-again.ts';
import { allInTime, articles } from './in-time.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { allRefused } from './refusals.ts';
import { wellAgain, wellAgainMs } from './well-again.ts';

/** Reads by which a breaker must know. */
const first = 10;
const waves = 3;
/** Time between two waves, ms: a breaker may have tried again by then. */
const pauseMs = 2_500;

/** Reads at once in each wave, while MySQL is ill; and how many queries all of them may cost. */
const mysqlWave = 15;
const mostQueries = 20;

export const mysqlBreaker: LabCheck = {
  id: 'mysql-breaker',
  title: 'A MySQL that keeps failing is left alone, and asked again',
  expected: `MySQL hangs, or fails: ${first + waves * mysqlWave} reads over some ${(waves * pauseMs) / 1_000} s send at most ${mostQueries} queries; within 10 s after it is well, answers, also ${first} at once`,
  hint: 'Five queries in a row have failed. What do you know about the sixth?',
  hints: [
    'MySQL has just been restarted and is out of breath. What helps it: a query from everybody, or from one?',
    'Count the failures in a row. After five, refuse at once for two seconds; then let one query go ahead, and only one, however many come at that moment. If it goes well, all is as before.',
    { file: 'breaker.ts', from: 'async run<T>', to: 'throw error;' },
  ],
  async run(context) {
    const { weather } = context;
    const fails = { code: 1053, sqlState: '08S01', message: 'Server shutdown in progress' };
    const states = [
      ['MySQL answers each query with an error', () => weather.mysql.fail(isSelect, fails)],
      ['MySQL does not answer queries', () => weather.mysql.hang(isSelect)],
    ] as const;
    const counts: number[] = [];
    for (const [index, [state, begin]] of states.entries()) {
      const spell = begin();
      const from = 20 + 100 * index;
      const seen = await context.observe(async () => {
        allRefused(await allInTime(context, articles(from, first), state), state);
        for (let wave = 0; wave < waves; wave++) {
          await context.passTime(pauseMs);
          const reads = articles(from + first + mysqlWave * wave, mysqlWave);
          allRefused(await allInTime(context, reads, state), state);
        }
      });
      const queries = seen.selects.length;
      counts.push(queries);
      if (queries > mostQueries) {
        fail(`${state}: ${first + waves * mysqlWave} reads sent ${queries} queries`, {
          mistake: 'retry-storm',
          leadsTo:
            'A database that stumbles gets all of the traffic, and more with each retry, at the moment when it needs a pause: it can not get up again.',
        });
      }
      spell.stop();
      await wellAgain(context, byId(from), `${state}, and then is well again`);
      await wellAgain(context, byId(from + 99), `${state}, and then is well again`);
      await manyAgain(context, from + 200, `${state}, and then is well again`);
    }
    return `${first + waves * mysqlWave} reads of an ill MySQL: ${counts.join(' and ')} queries; then answers`;
  },
};

/** Reads at once in each wave, while Redis hangs; and how many commands all of the waves may cost. */
const redisWave = 40;
const mostCommands = 60;

export const redisBreaker: LabCheck = {
  id: 'redis-breaker',
  title: 'A Redis that does not answer is left alone, and asked again',
  expected: `Redis hangs: after ${2 * first} reads, ${waves * redisWave} more send at most ${mostCommands} commands; all answered; hits within 10 s after it is well, also ${first} at once`,
  hint: 'Each read waits 300 ms for a Redis that has not answered for a minute. Who decides to stop that?',
  hints: [
    'With a time-out no read hangs. But what does each of them pay while Redis is away for an hour?',
    'The breaker of MySQL does for Redis as well, one for each of them. While it is open, a read goes to MySQL at once.',
    { file: 'cache.ts', from: 'const breaker = new Breaker', to: 'const breaker = new Breaker' },
  ],
  async run(context) {
    const { weather, store, mysql, observe, passTime } = context;
    const hot = {
      call: 'byId(7)',
      read: async () => await store.byId(7),
      wanted: await byId(7).wanted(mysql),
    };
    await hitBefore(context, hot, 'Redis hung');
    const hang = weather.redis.hang();
    const state = 'Redis does not answer';
    for (const from of [20, 40]) await answered(context, from, first, state);
    const seen = await observe(async () => {
      for (let wave = 0; wave < waves; wave++) {
        await passTime(pauseMs);
        await answered(context, 100 + redisWave * wave, redisWave, state);
      }
    });
    tooManyCommands(seen);
    hang.stop();
    const observed = await hitAgain(context, hot, 'Redis answered again');
    await manyHitsAgain(context);
    return `${waves * redisWave} reads: ${seen.redis.length} commands; ${observed}`;
  },
};

/** One at a time is not as before. */
async function manyAgain(context: Context, from: number, since: string): Promise<void> {
  let next = from;
  let refused = 0;
  const areAnswered = async () => {
    const outcomes = await allInTime(context, articles(next, first), since);
    next += first;
    refused = outcomes.filter((each) => each instanceof CallFailed).length;
    return refused === 0;
  };
  if ((await attemptsUntil(areAnswered, context.passTime, wellAgainMs)) !== undefined) return;
  fail(`${since}; ${wellAgainMs / 1_000} s later ${refused} of ${first} reads at once still fail`, {
    mistake: 'never-quite-closed',
    leadsTo: 'After the first outage each server lets one query through at a time, until it is restarted.',
    hint: 'What does your breaker forget when a request has gone well?',
  });
}

async function manyHitsAgain({ store, observe, passTime }: Context): Promise<void> {
  let queries = 0;
  const areHits = async () => {
    const seen = await observe(
      async () =>
        await Promise.all(Array.from({ length: first }, async () => await orFailure(store.byId(7)))),
    );
    queries = seen.selects.length;
    return queries === 0;
  };
  if ((await attemptsUntil(areHits, passTime, wellAgainMs)) !== undefined) return;
  fail(
    `${wellAgainMs / 1_000} s after Redis answered again, ${first} times byId(7) at once still sent ${queries} SELECTs`,
    {
      mistake: 'never-quite-closed',
      leadsTo: 'After the first hiccup of Redis each server has one hit at a time, until it is restarted.',
      hint: 'What does your breaker forget when a request has gone well?',
    },
  );
}

function tooManyCommands({ redis }: Observation): void {
  if (redis.length <= mostCommands) return;
  fail(`Redis does not answer: ${waves * redisWave} reads sent it ${redis.length} commands`, {
    mistake: 'no-breaker',
    leadsTo:
      'As long as Redis hangs, every page takes a time-out longer, and each server holds that many more requests at once.',
  });
}

async function answered(context: Context, from: number, count: number, state: string): Promise<void> {
  const reads = articles(from, count);
  const outcomes = await allInTime(context, reads, state);
  for (const [index, read] of reads.entries()) {
    const value = outcomes[index];
    if (value instanceof CallFailed) {
      fail(`${state}, MySQL is well, and ${read.call} failed: ${value.remote.message}`, {
        mistake: 'redis-error-fails-the-read',
        leadsTo: 'The cache has become a second thing that can take the site down.',
      });
    }
    // The first of each crowd stands for all.
    const wrong = index === 0 ? unlike(value, await read.wanted(context.mysql)) : undefined;
    if (wrong) fail(`${state}, and ${read.call} ${wrong}`);
  }
}
