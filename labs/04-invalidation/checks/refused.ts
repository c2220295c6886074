import { CallFailed, CallHung, fail, orFailure } from '@workshop/lab-kit';
import type { Connection } from 'mysql2/promise';
import { cacheTraffic } from '../../shared/cache-traffic.ts';
import { describe } from '../../describe.ts';
import { everyChange, newArticle, type Change } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { byId, readAll, readers, search, wrongReads, type AnyRead } from './reads.ts';
import { beginningOf, mayChange, mostSteps } from './steps.ts';
import { tablesOf, type Tables } from './tables.ts';
import { thrice } from './thrice.ts';

/** More than the connections of any pool. */
const refusals = 25;
/** How long a row may stay locked by a write that has ended, s. */
const lockSeconds = 2;

export const refused: LabCheck = {
  id: 'refused',
  title: 'A write that MySQL refuses rejects, changes nothing and costs nothing',
  expected: 'each statement of each write refused: a rejection, 0 rows changed, hits are still hits',
  hint: 'What must come back when the second of two statements fails? And what is there to invalidate then?',
  hints: [
    'The first INSERT of `publish` went well, the second is refused. What is in MySQL now, what in the cache, and who has the connection?',
    'One transaction, ROLLBACK in the `catch`, the connection released in the `finally`; and invalidation only where a COMMIT was sent.',
    {
      file: 'writes.ts',
      from: 'const connection = await pool.getConnection()',
      to: 'cache.invalidate(tags)',
    },
  ],
  async run(context) {
    await publishTwice(context);
    let stops = 0;
    for (const kind of [0, 1, 2]) {
      const before = await tablesOf(context.mysql);
      for (let step = 0; step < mostSteps; step++) {
        const change = everyChange(context.articles, ++stops)[kind];
        if (!change || !(await refuseFrom(context, before, change, step))) break;
      }
    }
    return `${refusals} articles published again, and 3 writes refused at ${stops - 3} statements: rejected, 0 rows changed, all hits stayed`;
  },
};

/** What needs no bad weather to be refused. */
async function publishTwice({ store, mysql, articles, observe }: Context): Promise<void> {
  const before = await tablesOf(mysql);
  const reads = [byId(7), readers(7), search('the', 5)];
  const call = 'publish({ OBJECTID: 7, ... }), which there is already,';
  for (let n = 1; n <= refusals; n++) {
    const article = { ...newArticle(articles, n), OBJECTID: 7 };
    const outcome = await orFailure(store.publish(article)).catch((error: unknown) => {
      if (!(error instanceof CallHung) || error.blocked || n === 1) throw error;
      return fail(`${call} rejected ${n - 1} times, and then did not return within 5 s`, {
        mistake: 'connection-kept',
        leadsTo:
          'Each failed write keeps a connection of the pool, until there is none left, and the site stands still.',
      });
    });
    if (outcome instanceof CallFailed) continue;
    fail(`${call} returned ${describe(outcome)}, expected a rejection`, swallowed);
  }
  await unlocked(mysql, `${refusals} times ${call} rejected`);
  await nothingChanged(before, `${refusals} times ${call} rejected`);
  const again = async () => await orFailure(store.publish({ ...newArticle(articles, 1), OBJECTID: 7 }));
  await stillHits({ store, observe }, reads, again, call.replace(/,$/, ' was rejected'));
}

/** @returns false when the write has no such statement */
async function refuseFrom(context: Context, before: Tables, change: Change, step: number): Promise<boolean> {
  const { store, mysql, coldCache, observe } = context;
  const reads = [...change.reads, byId(8)];
  await coldCache();
  await observe(async () => await readAll(store, reads));
  const { sql, outcome } = await refuse(context, change, step);
  if (sql === undefined) return false;
  const where = `MySQL refused "${beginningOf(sql)}" of ${change.call}`;
  if (!(outcome instanceof CallFailed)) {
    fail(`${where}, which returned ${describe(outcome)}, expected a rejection`, swallowed);
  }
  await unlocked(mysql, where);
  await nothingChanged(before, `${where}, which rejected`);
  const [wrong] = await wrongReads(mysql, reads, store);
  if (wrong) fail(`${where}; then ${wrong.text}`, neverWritten);
  // Who got no answer to COMMIT may well take the write for done.
  if (!/\bcommit\b/i.test(sql))
    await stillHits(context, reads, async () => await refuse(context, change, step), where);
  return true;
}

/** A write of which MySQL refuses one statement and all that follow, so that trying again does not help. */
async function refuse(
  { store, weather }: Context,
  change: Change,
  step: number,
): Promise<{ sql: string | undefined; outcome: unknown }> {
  const statements: string[] = [];
  let seen = 0;
  // A rollback always goes through.
  const spell = weather.mysql.fail((event) => {
    if (!mayChange(event) || seen++ < step) return false;
    statements.push(event.sql ?? '');
    return true;
  }, readOnly);
  const outcome = await orFailure(change.write(store));
  spell.stop();
  return { sql: statements[0], outcome };
}

const readOnly = {
  code: 1290,
  sqlState: 'HY000',
  message: 'The MySQL server is running with the --read-only option so it cannot execute this statement',
};
const swallowed = { mistake: 'error-swallowed', leadsTo: 'The page says "saved", and nothing is.' };
const neverWritten = {
  mistake: 'never-written',
  leadsTo: 'Readers are shown what was never saved, and what the author is told has failed.',
};

async function nothingChanged(before: Tables, where: string): Promise<void> {
  const changed = await before.changes();
  if (!changed) return;
  fail(`${where}; and ${changed}`, {
    mistake: 'half-written',
    leadsTo:
      'An article without its counter: no page shows it, and publishing it again fails, because it is there. Or one that was there is lost.',
  });
}

/** Waits for every row of both tables, a moment. */
async function unlocked(mysql: Connection, where: string): Promise<void> {
  await mysql.query(`SET SESSION innodb_lock_wait_timeout = ${lockSeconds}`);
  for (const table of ['articles', 'article_reads']) {
    await mysql.query(`SELECT OBJECTID FROM ${table} FOR UPDATE`).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== 'ER_LOCK_WAIT_TIMEOUT') throw error;
      fail(`${where}; ${lockSeconds} s later its transaction still holds rows of ${table}`, {
        mistake: 'transaction-left-open',
        leadsTo:
          'The connection goes back to the pool with half a write in it, and the next COMMIT over it, of anybody, makes that half true.',
      });
    });
  }
}

/** Has a write refused, and looks whether what was in the cache is still there. */
async function stillHits(
  { store, observe }: Pick<Context, 'store' | 'observe'>,
  reads: readonly AnyRead[],
  rejected: () => Promise<unknown>,
  where: string,
): Promise<void> {
  const lost = await thrice(async () => {
    await observe(async () => await readAll(store, reads));
    await observe(rejected);
    const seen = await observe(async () => await readAll(store, reads));
    return seen.selects.length > 0 ? seen : undefined;
  });
  if (!lost) return;
  fail(
    `${where}; then ${reads.length} reads that were in the cache sent ${lost.selects.length} SELECTs, expected 0; ${cacheTraffic(lost)}`,
    {
      mistake: 'invalidated-on-rollback',
      leadsTo:
        'Nothing has changed, and yet the cache is emptied: whoever can make writes fail makes the database carry every read.',
    },
  );
}
