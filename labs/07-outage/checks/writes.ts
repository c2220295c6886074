import { CallFailed, fail, withoutComments, type MysqlEvent } from '@workshop/lab-kit';
import type { RowDataPacket } from 'mysql2/promise';
import { start } from '../../shared/held.ts';
import { byId } from '../../shared/hot-reads.ts';
import { unlike } from '../../describe.ts';
import { attemptsUntil } from '../../shared/attempts.ts';
import { inTime, limitMs } from './in-time.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { wellAgainMs } from './well-again.ts';

/** More than a pool has. */
const writers = 12;

const isUpdate = (event: MysqlEvent) =>
  event.kind !== 'prepare' && /^update\b/i.test(withoutComments(event.sql ?? ''));

export const writes: LabCheck = {
  id: 'writes',
  title: 'A write ends, too, and what was refused does not happen later',
  expected: `MySQL hangs: ${writers} writes refused within ${limitMs / 1_000} s, none carried out; within 10 s others are; Redis hangs: done within ${limitMs / 1_000} s`,
  hint: 'The UPDATE hangs. Who gives up, and what becomes of the transaction?',
  hints: [
    'You have told the author that saving failed. Then MySQL wakes up and finds the UPDATE. What should become of it?',
    'When the time is up, end the connection: MySQL undoes what was not committed. Releasing it would hand the open transaction to the next caller.',
    { file: 'mysql.ts', from: 'async lend(work)', to: 'return await lend(' },
  ],
  async run(context) {
    const { store, weather } = context;
    const before = await readersOf(context, 12);
    let isOver = false;
    const hang = weather.mysql.hang((event) => !isOver && isUpdate(event));
    const state = 'MySQL does not answer to UPDATE';
    const calls = Array.from({ length: writers }, () => start(store.countRead(12)));
    for (const call of calls) {
      if ((await inTime(context, call, 'countRead(12)', state)) instanceof CallFailed) continue;
      fail(`${state}, and countRead(12) said that it was done`, {
        mistake: 'error-swallowed',
        leadsTo: 'The author believes that it is saved.',
      });
    }
    isOver = true;
    await worksAgain(context, 'countRead(12)', async () => await store.countRead(12));
    hang.stop();
    // What was held goes on now, if its connection is still there.
    await worksAgain(context, 'countRead(13)', async () => await store.countRead(13));
    const after = await readersOf(context, 12);
    if (after !== before + 1n) {
      fail(
        `${writers} writes were refused and 1 was done: ${after - before} readers more, expected 1`,
        carriedOutLater,
      );
    }
    await commitLost(context);
    await redisHangs(context);
    return `${writers + 1} writes refused in time, none carried out; 4 others done`;
  },
};

const carriedOutLater = {
  mistake: 'carried-out-later',
  leadsTo: 'The author was told that saving failed, saved again, and now it is there twice.',
};

/** It is carried out, and nobody hears of it: the caller is told in time, and nothing old stays. */
async function commitLost(context: Context): Promise<void> {
  const { store, weather, mysql } = context;
  const read = byId(7);
  await read.of(store);
  const hold = weather.mysql.hold((event) => /^commit\b/i.test(event.sql ?? ''), { at: 'reply' });
  const call = start(store.revise(7, { Title: 'A new title' }));
  // Who sends no COMMIT would leave the hold waiting for good.
  await Promise.race([hold.arrived, call.outcome]);
  await inTime(context, call, 'revise(7, { Title })', "MySQL's answer to COMMIT does not come");
  const now = start(read.of(store));
  const value = await inTime(context, now, read.call, "MySQL's answer to COMMIT does not come");
  const wrong = value instanceof CallFailed ? undefined : unlike(value, await read.wanted(mysql));
  if (wrong) {
    fail(
      `MySQL has carried out COMMIT, its answer does not come, and revise(7) gave up; then byId(7) ${wrong}`,
      {
        mistake: 'invalidation-lost',
        leadsTo: 'In each outage some articles stay old, for as long as the outage and a minute more.',
      },
    );
  }
  hold.release();
  await worksAgain(context, 'revise(7)', async () => await store.revise(7, { Title: 'The last title' }));
}

async function redisHangs(context: Context): Promise<void> {
  const { store, weather } = context;
  const hang = weather.redis.hang();
  for (const id of [7, 8]) {
    const call = start(store.revise(id, { Title: 'Without Redis' }));
    const outcome = await inTime(context, call, `revise(${id}, { Title })`, 'Redis does not answer');
    if (outcome instanceof CallFailed)
      fail(`Redis does not answer, and revise(${id}, { Title }) failed: ${outcome.remote.message}`, {
        mistake: 'redis-error-fails-the-write',
        leadsTo: 'Nobody can save anything while the cache is ill, though the database is well.',
      });
  }
  hang.stop();
}

async function worksAgain(context: Context, what: string, write: () => Promise<boolean>): Promise<void> {
  const isDone = async () => (await inTime(context, start(write()), what, 'MySQL answers again')) === true;
  if ((await attemptsUntil(isDone, context.passTime, wellAgainMs)) !== undefined) return;
  fail(`MySQL answers again; ${wellAgainMs / 1_000} s later a write still fails`, {
    mistake: 'gives-up-for-good',
    leadsTo: 'The database is well, and nobody can save anything until somebody restarts the servers.',
  });
}

async function readersOf({ mysql }: Context, id: number): Promise<bigint> {
  const [[row]] = await mysql.query<RowDataPacket[]>('SELECT Readers FROM article_reads WHERE OBJECTID = ?', [
    id,
  ]);
  return BigInt(row?.['Readers']);
}
