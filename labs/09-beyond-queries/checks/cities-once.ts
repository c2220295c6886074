import type { RowDataPacket } from 'mysql2/promise';
import { setTimeout } from 'node:timers/promises';
import { CallFailed, CallHung, fail, orFailure, type AnotherProcess } from '@workshop/lab-kit';
import type { SiteStore } from '../../contract-site.ts';
import { begun } from './begun.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { compare, searches } from './places.ts';

const hour = 3_600_000;
const search = searches[0]!;
/** How long a query may take to reach MySQL, ms. */
const arrivalLimitMs = 10_000;

export const citiesOnce: LabCheck = {
  id: 'cities-once',
  title: 'The cities are loaded once a day, also when a loader ends',
  expected:
    'a second call, and one 23 hours later: 0 SELECTs; one a day later: 1; a loader that ends holds up 10 s at most',
  hint: 'places.ts: how long does the list live, and how long the lock of a process that is no longer there?',
  hints: [
    'The process that loads is killed. Who removes its lock?',
    'The list gets an expiry of a day, the lock one of 10 s, in the command that takes it: SET key token PX 10000 NX.',
    { file: 'places.ts', from: 'async function loadOrWait', to: 'await setTimeout(pauseMs)' },
  ],
  async run(context) {
    const { store, another, observe, coldCache, passTime } = context;
    const first = await observe(() => store.citiesNear(...search));
    const again = await observe(() => store.citiesNear(...search));
    await passTime(23 * hour);
    const later = await observe(() => store.citiesNear(...search));
    if (again.selects.length + later.selects.length > 0) {
      fail(
        `after ${first.selects.length} SELECT, ${again.selects.length} for a second call and ${later.selects.length} 23 hours later: expected 0`,
        {
          mistake: 'loads-again',
          leadsTo: 'The database carries every search, and Redis is paid for on top.',
        },
      );
    }
    await passTime(hour + 60_000);
    const nextDay = await observe(() => store.citiesNear(...search));
    if (nextDay.selects.length === 0) {
      fail('a day after the cities were loaded a call sent 0 SELECTs, expected 1', {
        mistake: 'never-loads-again',
        leadsTo:
          'A city that is added to the table is found by nobody, until somebody deletes the key by hand.',
      });
    }
    compare(search, nextDay.value);
    const other = await another();
    const elsewhere = await observe(() => other.store.citiesNear(...search));
    if (elsewhere.selects.length > 0) {
      fail(
        `one process has loaded the cities, and a call of another one sent ${elsewhere.selects.length} SELECT, expected 0`,
        {
          mistake: 'not-shared',
          leadsTo:
            'Each of your servers keeps its own list and reads the whole table, at each deployment anew.',
        },
      );
    }
    await coldCache();
    await loaderEnds(context, other);
    return '1 SELECT a day; a loader that ended held nobody up';
  },
};

/** Kills a process while MySQL has its query. */
async function loaderEnds(
  { store, mysql, passTime }: Context,
  other: AnotherProcess<SiteStore>,
): Promise<void> {
  // Their queries wait in MySQL until it is unlocked.
  await mysql.query('LOCK TABLES cities WRITE');
  try {
    void begun(other.store.citiesNear(...search));
    await queryWaits(mysql);
    await other.kill();
  } finally {
    await mysql.query('UNLOCK TABLES');
  }
  const waiting = begun(store.citiesNear(...search));
  await passTime(11_000);
  await patient(waiting);
  const rows = await patient(store.citiesNear(...search));
  if (rows === undefined) {
    fail('a process ended while it loaded the cities, and 11 s later another one still waits for it', {
      mistake: 'locked-out',
      leadsTo: 'One crash at the wrong moment, and no city is found until somebody deletes the lock by hand.',
    });
  }
  if (rows instanceof CallFailed)
    fail(
      `a process ended while it loaded the cities, and a call of another one failed: ${rows.remote.message}`,
    );
  compare(search, rows);
}

/** What a call came to; undefined when it did not end within its limit. */
async function patient<T>(call: Promise<T>): Promise<T | CallFailed | undefined> {
  return await orFailure(call).catch((error: unknown) => {
    if (error instanceof CallHung && !error.blocked) return undefined;
    throw error;
  });
}

async function queryWaits(mysql: Context['mysql']): Promise<void> {
  const deadline = performance.now() + arrivalLimitMs;
  for (;;) {
    const [[row]] = await mysql.query<RowDataPacket[]>(
      "SELECT COUNT(*) AS waiting FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND STATE LIKE 'Waiting for table%'",
    );
    if (Number(row?.['waiting']) > 0) return;
    if (performance.now() > deadline) {
      fail(`with no cities in Redis, citiesNear() asked MySQL nothing for ${arrivalLimitMs / 1_000} s`, {
        mistake: 'never-loads-again',
        leadsTo: 'When the list is gone, no city is found any more.',
      });
    }
    await setTimeout(5);
  }
}
