import { CallFailed, fail, orFailure, sameValue } from '@workshop/lab-kit';
import type { Standing } from '../../contract-site.ts';
import { describe } from '../../describe.ts';
import type { Context, LabCheck } from './lab-check.ts';

const points: Record<string, number> = {
  ann: 30,
  bob: 50,
  cleo: 50,
  Zoe: 50,
  dan: 10,
  eve: 10,
  'ann:1': 30,
  josé: 30,
  '10': 7,
  '9': 7,
  max: 1_000_000,
};

export const leaderboard: LabCheck = {
  id: 'leaderboard',
  title: 'Points add up, and equal points share a rank',
  expected: 'ranks 1, 2, 2, 2, 5; equal points in the order of their names',
  hint: 'leaderboard.ts: in which order does a sorted set keep members of equal score, and what does REV do to it?',
  hints: [
    'Three readers have 50 points. What does ZREVRANK say of each of them?',
    'The rank is one more than the number of readers with more points: ZCOUNT, and not ZRANK. For names upwards beside points downwards, keep the points as a negative score, and read the set upwards.',
    { file: 'leaderboard.ts', from: 'const standingScript', to: "'(' .. score)}`" },
  ],
  async run({ store }) {
    for (const [reader, whole] of Object.entries(points)) {
      const part = Math.floor(whole / 3);
      const sums = [await store.addPoints(reader, part), await store.addPoints(reader, whole - part)];
      if (!sameValue(sums, [part, whole])) {
        fail(
          `addPoints('${reader}', ${part}), then ${whole - part}: returned ${describe(sums)}, expected ${describe([part, whole])}`,
        );
      }
    }
    await compare(store, points);
    await store.addPoints('dan', 45);
    await compare(store, { ...points, dan: 55 });
    const none = await store.standing('nobody');
    if (none !== undefined) fail(`standing() of a reader without points returned ${describe(none)}`);
    await refused(store);
    return `${Object.keys(points).length} readers, ranked and ordered`;
  },
};

async function compare(store: Context['store'], totals: Record<string, number>): Promise<void> {
  const wanted = ranked(totals);
  for (const count of [100, 3, 1]) {
    const rows = (await store.top(count)).map(({ reader, points: has, rank }) => ({
      reader,
      points: has,
      rank,
    }));
    const expected = wanted.slice(0, count);
    if (!sameValue(rows, expected)) explain(`top(${count})`, rows, expected);
  }
  for (const row of wanted) {
    const { reader } = row;
    const found = await store.standing(reader);
    if (found?.points === row.points && found.reader === reader) {
      if (found.rank === row.rank) continue;
      wrongRank(`standing('${reader}')`, found, row);
    }
    fail(`standing('${reader}') returned ${describe(found)}, expected ${describe(row)}`);
  }
}

function ranked(totals: Record<string, number>): Standing[] {
  return Object.entries(totals)
    .map(([reader, has]) => ({
      reader,
      points: has,
      rank: 1 + Object.values(totals).filter((other) => other > has).length,
    }))
    .toSorted((a, b) => b.points - a.points || Buffer.compare(Buffer.from(a.reader), Buffer.from(b.reader)));
}

function explain(call: string, rows: readonly Standing[], expected: readonly Standing[]): never {
  const at = expected.findIndex((row, index) => !sameValue(row, rows[index]));
  const got = rows[at];
  const wanted = expected[at];
  if (rows.length !== expected.length || !got || !wanted)
    fail(`${call} returned ${rows.length} rows, expected ${expected.length}`);
  if (got.reader === wanted.reader && got.points === wanted.points) wrongRank(call, got, wanted);
  if (got.points === wanted.points) {
    fail(
      `${call}: row ${at + 1} is '${got.reader}', expected '${wanted.reader}'; both have ${wanted.points} points`,
      {
        mistake: 'ties-in-wrong-order',
        leadsTo:
          'Readers with equal points stand in an order that nobody can explain, and two pages show two orders.',
      },
    );
  }
  fail(`${call}: row ${at + 1} is ${describe(got)}, expected ${describe(wanted)}`);
}

function wrongRank(call: string, got: Standing, wanted: Standing): never {
  fail(`${call}: '${got.reader}' with ${got.points} points has rank ${got.rank}, expected ${wanted.rank}`, {
    mistake: 'ties-ranked-wrongly',
    leadsTo:
      'Two people with the same points see that one of them is ahead, and the prize goes by the alphabet.',
  });
}

async function refused(store: Context['store']): Promise<void> {
  const before = await store.top(100);
  const calls: [string, () => Promise<unknown>][] = [
    ...[0, -5, 1.5, 1_000_001, Number.NaN].map(
      (n) => [`addPoints('ann', ${n})`, () => store.addPoints('ann', n)] as [string, () => Promise<unknown>],
    ),
    ...[0, -1, 1.5, 101].map((n) => [`top(${n})`, () => store.top(n)] as [string, () => Promise<unknown>]),
  ];
  for (const [call, run] of calls) {
    const answer = await orFailure(run());
    if (answer instanceof CallFailed && answer.remote.name === 'RangeError') continue;
    fail(
      `${call} ${answer instanceof CallFailed ? `rejected with ${answer.remote.name}` : `returned ${describe(answer)}`}, expected a RangeError`,
      { leadsTo: 'A number from a form takes points away from others, or asks for the whole list.' },
    );
  }
  if (!sameValue(await store.top(100), before)) fail('points that were refused have changed the list');
}
