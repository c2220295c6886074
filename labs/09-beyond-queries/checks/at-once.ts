import { CallFailed, fail, sameValue } from '@workshop/lab-kit';
import { describe } from '../../describe.ts';
import { begun } from './begun.ts';
import { interleave } from './interleave.ts';
import type { Context, LabCheck } from './lab-check.ts';

const race = 'check-then-act';
/** In one process, on whatever connections it has. */
const inOneProcess = 12;

export const atOnce: LabCheck = {
  id: 'at-once',
  title: 'Two servers at once count right',
  expected:
    'a call of another process between any two commands: both points count, and no 11th request is allowed',
  hint: 'What one command has read, the next one can no longer rely on. What must be one step, Redis must do in one step.',
  hints: [
    'Two servers read "9 so far" in the same instant. What does each of them do then?',
    'One command that changes (ZINCRBY), or a script that looks and acts: Redis runs one at a time. A lock or a queue within a process knows nothing of the other servers.',
    { file: 'rate-limit.ts', from: 'const allowScript', to: 'return 1`' },
  ],
  async run(context) {
    const other = (await context.another()).store;
    await burst(context);
    const ways = [
      await pointsAdded(context, other),
      await standingOfOneMoment(context, other),
      await requestsCounted(context, other),
      await newsInOrder(context, other),
      await newsAwaited(context, other),
    ];
    const sum = ways.reduce((all, count) => all + count, 0);
    return `${inOneProcess} calls at once in one process, ${sum} ways to come between in another: all counted`;
  },
};

/** All of them ask before any has its answer. */
async function burst({ store, holdTime, weather }: Context): Promise<void> {
  const spell = weather.redis.hang();
  const requests = Array.from({ length: inOneProcess }, () => begun(store.allow('burst', Date.now())));
  const points = Array.from({ length: inOneProcess }, () => begun(store.addPoints('burst', 5)));
  // By then they have sent what they send at once, and none has given up.
  await holdTime(async () => {});
  spell.stop();
  await Promise.all(points);
  const allowed = (await Promise.all(requests)).filter(Boolean).length;
  if (allowed !== 10) tooMany(`${inOneProcess} requests at once in one process`, allowed, 10);
  const has = (await store.standing('burst'))?.points;
  if (has !== 5 * inOneProcess)
    pointsLost(`${inOneProcess} times 5 points at once in one process`, has, 5 * inOneProcess);
}

async function pointsAdded(context: Context, other: Context['store']): Promise<number> {
  return await interleave(context, {
    prepare: async (nth) => `adds-${nth}`,
    first: async (reader) => await context.store.addPoints(reader, 5),
    second: async (reader) => await other.addPoints(reader, 7),
    async judge({ state: reader, first, second }) {
      answered('addPoints()', first, second);
      const has = (await context.store.standing(reader))?.points;
      if (has !== 12) pointsLost('5 points in one process and 7 in another', has, 12);
      const sums = [first, second];
      if (!sameValue(sums, [5, 12]) && !sameValue(sums, [12, 7]))
        fail(
          `5 and 7 points at once: addPoints() returned ${describe(sums)}, expected 5 and 12, or 12 and 7`,
        );
    },
  });
}

async function standingOfOneMoment(context: Context, other: Context['store']): Promise<number> {
  return await interleave(context, {
    async prepare(nth) {
      const points = 1_000 * nth;
      await other.addPoints(`rex-${nth}`, points + 20);
      await other.addPoints(`sam-${nth}`, points + 10);
      return { reader: `sam-${nth}`, before: points + 10, rank: 1 + (await above(other, points + 10)) };
    },
    first: async ({ reader }) => await context.store.standing(reader),
    second: async ({ reader }) => await other.addPoints(reader, 15),
    async judge({ state: { before, rank }, first }) {
      answered('standing()', first);
      const seen = first instanceof CallFailed ? undefined : first;
      const moments = [
        { points: before, rank },
        { points: before + 15, rank: rank - 1 },
      ];
      if (moments.some((moment) => seen?.points === moment.points && seen.rank === moment.rank)) return;
      fail(
        `standing() while points were added: ${seen?.points} points and rank ${seen?.rank}, which never was: before ${before} and ${rank}, after ${before + 15} and ${rank - 1}`,
        { mistake: race, leadsTo: 'Readers see a rank that they never had.' },
      );
    },
  });
}

async function above(store: Context['store'], points: number): Promise<number> {
  return (await store.top(100)).filter((row) => row.points > points).length;
}

async function requestsCounted(context: Context, other: Context['store']): Promise<number> {
  const at = Date.now();
  return await interleave(context, {
    async prepare(nth) {
      const visitor = `visitor-${nth}`;
      for (let n = 0; n < 9; n++) await other.allow(visitor, at);
      return visitor;
    },
    first: async (visitor) => await context.store.allow(visitor, at),
    second: async (visitor) => await other.allow(visitor, at),
    async judge({ first, second }) {
      answered('allow()', first, second);
      const allowed = [first, second].filter((answer) => answer === true).length;
      if (allowed !== 1) tooMany('2 processes, each with the 10th request of a visitor', 9 + allowed, 10);
    },
  });
}

async function newsInOrder(context: Context, other: Context['store']): Promise<number> {
  return await interleave(context, {
    prepare: async (nth) => nth,
    first: async (nth) => await context.store.publishNews(`slow ${nth}`),
    async second(nth) {
      await other.publishNews(`fast ${nth}`);
      return await other.newsSince();
    },
    async judge({ state: nth, first, second }) {
      answered('publishNews()', first, second);
      const before = second instanceof CallFailed ? [] : second;
      const later = await other.newsSince(before.at(-1)?.id);
      const seen = [...before, ...later].filter(
        ({ text }) => text === `slow ${nth}` || text === `fast ${nth}`,
      );
      if (seen.length === 2) return;
      fail(`2 pieces of news at once, and a reader who looked twice has seen ${seen.length} of them`, {
        mistake: race,
        leadsTo:
          'A piece gets its id first and appears later: readers who have seen a higher id never see it.',
      });
    },
  });
}

async function newsAwaited(context: Context, other: Context['store']): Promise<number> {
  return await interleave(context, {
    prepare: async () => await other.publishNews('before'),
    first: async (id) => await context.store.nextNews(id, 4_000),
    second: async () => await other.publishNews('now'),
    async judge({ first }) {
      answered('nextNews()', first);
      const texts = first instanceof CallFailed ? [] : first.map(({ text }) => text);
      if (sameValue(texts, ['now'])) return;
      fail(
        `a piece was published while nextNews() began to wait: it returned ${describe(texts)}, expected ['now']`,
        {
          mistake: 'news-missed',
          leadsTo: 'What is published between the look and the wait is seen late, or never.',
        },
      );
    },
  });
}

/** Another process at work is no reason to reject. */
function answered(call: string, ...answers: unknown[]): void {
  const failed = answers.find((answer) => answer instanceof CallFailed);
  if (failed) {
    fail(`2 processes at once, and ${call} rejected: ${failed.remote.message}`, {
      mistake: race,
      leadsTo: 'The busier the site, the more of its visitors get an error.',
    });
  }
}

function tooMany(what: string, allowed: number, wanted: number): never {
  fail(`${what}: ${allowed} were allowed in 60 s, expected ${wanted}`, {
    mistake: race,
    leadsTo: 'Whoever sends requests in parallel gets through as often as there are servers, or more.',
    hint: 'rate-limit.ts: counting and adding have to be one step, for all servers.',
  });
}

function pointsLost(what: string, has: number | undefined, wanted: number): never {
  fail(`${what}: there are ${has ?? 'no'} points, expected ${wanted}`, {
    mistake: race,
    leadsTo: 'Points are lost when many read at once, which is when they matter.',
    hint: 'leaderboard.ts: read, add and write back are three steps, and another server comes between them.',
  });
}
