import { CallFailed, fail, ProcessEnded } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { refuseQueries } from '../../refused-queries.ts';
import { arrivalOf, isSelect, passUntilOver, start } from '../../shared/held.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { byId, search, type HotRead } from '../../shared/hot-reads.ts';

/** An entry is read every two seconds: nothing that is read like that need ever expire. */
const pauseMs = 2_000;
/** No refresh is due before this, ms: the shortest life is 45 s, and the last fifth of it begins at 36. */
const quietMs = 30_000;
/** So much of the shortest life is left by then, ms, with a second to spare. */
const shortestLeftMs = 14_000;
/** By now the longest life is over, ms. */
const overMs = 80_000;
/** Who has no answer after this has waited for MySQL, ms, by the clock of the learner's process. */
const answerMs = 3_000;
/** How long it may take until what was loaded is in Redis, ms. It says that it never comes; it measures nothing. */
const storedMs = 10_000;

export const refresh: LabCheck = {
  id: 'refresh',
  title: 'A hot entry is loaded again before it expires, once, and nobody waits',
  expected: `read every ${pauseMs / 1_000} s: answered at once each time; in the last fifth of its life, and not before, 1 SELECT for 2 processes`,
  hint: 'How long has the entry still to live? PTTL says it, in the same round trip as the value.',
  hints: [
    'The front page is read a hundred times a second. Why should anybody ever find it expired?',
    'A hit in the last fifth of its life starts a load that nobody awaits, and returns what it found. A lock that is not waited for makes it one load for all processes.',
    { file: 'cache.ts', from: 'async function refresh', to: 'await lock.release();' },
  ],
  async run(context) {
    const { another, store, weather, mysql, redis, observe, passTime, coldCache } = context;
    const { store: other } = await another();
    for (const read of [byId(7), search('delta', 20)]) {
      await coldCache();
      await observe(async () => await read.of(store));
      const wanted = await read.wanted(mysql);
      await passTime(quietMs);
      const early = await observe(async () => await read.of(store));
      if (early.selects.length > 0) {
        fail(
          `${read.call}, read ${quietMs / 1_000} s after it was stored, was loaded again: ${early.selects.length} SELECT`,
          {
            mistake: 'refreshed-too-early',
            leadsTo: 'What is read all the time is loaded more often than if it simply expired.',
          },
        );
      }
      const hold = weather.mysql.hold(isSelect);
      const asked = arrivalOf(hold);
      for (let age = quietMs; !asked.isThere(); age += pauseMs) {
        if (age > overMs)
          fail(
            `${read.call}, read every ${pauseMs / 1_000} s for ${overMs / 1_000} s: no SELECT at all`,
            notNew,
          );
        await answeredAtOnce(context, read, store, wanted, age);
        await observe(async () => {});
        if (!asked.isThere()) await passTime(pauseMs);
      }
      // The new load is under way, and the old entry still there.
      const meanwhile = await observe(async () => {
        for (const each of [store, other, store, other]) await answeredAtOnce(context, read, each, wanted);
      });
      if (meanwhile.selects.length > 0) {
        fail(
          `while ${read.call} was being loaded again, 4 more reads of it sent ${meanwhile.selects.length} SELECTs`,
          {
            mistake: 'everyone-refreshes',
            leadsTo: 'The stampede comes a little earlier: each reader of the last seconds sends the query.',
          },
        );
      }
      const before = await livesIn(redis);
      hold.release();
      await renewed(context, read, before);
      // The life of the first entry is over for certain now; the new one's is not.
      await passTime(quietMs);
      const later = await observe(async () => await read.of(other));
      if (later.selects.length > 0) {
        fail(`${read.call} was loaded again, and ${quietMs / 1_000} s later it was gone all the same`, {
          mistake: 'refresh-not-stored',
          leadsTo: 'The query is sent before the end, and again at the end.',
        });
      }
    }
    return '2 hot entries, renewed by 1 SELECT each while everybody was answered';
  },
};

export const refreshFails: LabCheck = {
  id: 'refresh-fails',
  title: 'A refresh that fails costs nobody anything yet',
  expected: 'MySQL refuses while an entry nears its end: it is served as long as it lives',
  hint: 'Who hears of the error of a promise that nobody awaits?',
  hints: [
    'The load that nobody awaits rejects. What does Node do with a rejection that nobody handles?',
    "A catch behind the refresh. Its error is nobody's yet: the entry is there for some seconds more, and the next reader tries again.",
    { file: 'cache.ts', from: 'flights.share(name', to: 'catch' },
  ],
  async run(context) {
    const { store, weather, mysql, redis, observe, passTime } = context;
    const read = byId(7);
    const wanted = await read.wanted(mysql);
    await observe(async () => await read.of(store));
    await passTime(quietMs);
    const entry = await entryOf(redis);
    const endsAt = quietMs + entry.leftMs;
    // In Redis a life goes on while we are at work, too.
    const isNearItsEnd = async () => entry.key !== undefined && (await redis.pttl(entry.key)) < 2 * pauseMs;
    refuseQueries(weather);
    for (let age = quietMs; age < endsAt - 2 * pauseMs && !(await isNearItsEnd()); age += pauseMs) {
      await answeredAtOnce(context, read, store, wanted, age).catch((error: unknown) => {
        if (!(error instanceof ProcessEnded)) throw error;
        fail(
          `MySQL refused while the entry of ${read.call} was ${age / 1_000} s old, and the process ended`,
          {
            mistake: 'ends-on-a-failed-refresh',
            leadsTo: 'A second of trouble in MySQL ends every server whose cache was about to see to itself.',
          },
        );
      });
      await observe(async () => {}).catch(() => {});
      await passTime(pauseMs).catch(() => {});
    }
    return 'answered each time, while MySQL refused';
  },
};

/** The entry, and how long it has to live: what lives far longer, or hardly at all, is something else. */
async function entryOf(redis: Context['redis']): Promise<{ key?: string; leftMs: number }> {
  const lives = [...(await livesIn(redis))].filter(([, ms]) => ms < overMs && ms > shortestLeftMs);
  const [longest] = lives.toSorted(([, a], [, b]) => b - a);
  return longest ? { key: longest[0], leftMs: longest[1] } : { leftMs: shortestLeftMs };
}

const notNew = {
  mistake: 'life-without-end',
  leadsTo: 'What is changed in MySQL by anybody else is never seen.',
};

type Lives = ReadonlyMap<string, number>;

/** The keys in Redis, and how long each has to live, ms. */
async function livesIn(redis: Context['redis']): Promise<Lives> {
  const keys = await redis.keys('*');
  return new Map(await Promise.all(keys.map(async (key) => [key, await redis.pttl(key)] as const)));
}

/** Waits for a key that lives longer than it did: that is the new answer. */
async function renewed({ redis, observe }: Context, { call }: HotRead, before: Lives): Promise<void> {
  const deadline = performance.now() + storedMs;
  while (performance.now() < deadline) {
    const now = await livesIn(redis);
    if ([...now].some(([key, ms]) => ms > (before.get(key) ?? quietMs) + pauseMs)) return;
    await observe(async () => {});
  }
  fail(
    `${call} was loaded again; ${storedMs / 1_000} s after MySQL had answered no key in Redis lives longer than before`,
    {
      mistake: 'refresh-not-stored',
      leadsTo: 'The query is sent before the end, and again at the end.',
    },
  );
}

async function answeredAtOnce(
  context: Context,
  read: HotRead,
  store: Context['store'],
  wanted: unknown,
  ageMs?: number,
): Promise<void> {
  const when =
    ageMs === undefined ? 'while it was being loaded again' : `${ageMs / 1_000} s after it was stored`;
  const call = start(read.of(store));
  // Who waits for nothing has answered by then, and ages none of what is in Redis.
  await context.holdTime(async () => {});
  if (!call.isOver() && !(await passUntilOver(context, call, answerMs))) {
    fail(`${read.call}, read ${when}, waited for MySQL`, {
      mistake: 'reader-waits',
      leadsTo:
        'Once a minute somebody waits for the slow query on the busiest page, and with them all who come meanwhile.',
    });
  }
  const value = await call.outcome;
  if (value instanceof CallFailed) {
    fail(`${read.call}, read ${when}, failed: ${value.remote.message}`, {
      mistake: 'refresh-fails-the-read',
      leadsTo: 'The entry was there and good for some seconds more; the visitor got an error page.',
    });
  }
  const wrong = unlike(value, wanted);
  if (wrong) fail(`${read.call}, read ${when}, ${wrong}`);
}
