import { fail } from '@workshop/lab-kit';
import type { AlarmName } from '../../contract.ts';
import { describe } from '../../describe.ts';
import { attemptsUntil } from '../../shared/attempts.ts';
import { figures, growth } from './figures.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { hitsAndMisses } from './ratio.ts';
import { overfill } from './redis-figures.ts';
import { justSlowMs, slowly } from './times.ts';

const names: readonly AlarmName[] = ['hit-ratio-low', 'loads-slow', 'redis-away', 'memory-high', 'evicting'];
/** After it nothing of before is in the last minute, ms. */
const overMs = 70_000;

export const hitRatioLow: LabCheck = {
  id: 'hit-ratio-low',
  title: 'hit-ratio-low fires below 0.8, and clears',
  expected:
    'fewer than 20 reads: not yet; 20 reads with 0 hits, 40 with 20: fires; 16 hits of 20, 44 of 48: clear',
  hint: 'Two conditions: enough reads to say anything, and the ratio of the last minute.',
  hints: [
    'Three reads at night, all of them misses. Should somebody be woken?',
    'At least 20 reads in the last minute, and fewer than 0.8 of them hits. Judge it each time anew, from the counts of that minute.',
    { file: 'alarms.ts', from: 'const ratio = ', to: 'const ratio = ' },
  ],
  async run(context) {
    // Reads of an earlier check would be in the last minute as well.
    await context.restart();
    await hitsAndMisses(context, 12, 0);
    await expectAlarm(context, 'hit-ratio-low', false, '12 reads, 0 hits');
    await context.passTime(overMs);
    await hitsAndMisses(context, 20, 0);
    await expectAlarm(context, 'hit-ratio-low', true, '20 reads, 0 hits');
    await context.passTime(overMs);
    await hitsAndMisses(context, 20, 1);
    await expectAlarm(context, 'hit-ratio-low', true, '40 reads, 20 hits');
    await context.passTime(overMs);
    await expectAlarm(context, 'hit-ratio-low', false, 'no read in the last minute', { isNull: true });
    await hitsAndMisses(context, 4, 4);
    await expectAlarm(context, 'hit-ratio-low', false, '20 reads, 16 hits: 0.8');
    await context.passTime(overMs);
    await hitsAndMisses(context, 4, 11);
    await expectAlarm(context, 'hit-ratio-low', false, '48 reads, 44 hits in the last minute, few before');
    return 'silent, firing, firing, clear, clear, clear';
  },
};

export const loadsSlow: LabCheck = {
  id: 'loads-slow',
  title: 'loads-slow looks at the 95th percentile, not at the mean or the slowest',
  expected: '100 loads, 1 slow: silent; 9 of 108 slow: fires; a minute later: clear, and its value null',
  hint: 'Which share of the loads was slower than half a second? The mean of 99 fast ones and a slow one says nothing.',
  hints: [
    'One load in a hundred takes a second. Is that an alarm? And eight in a hundred?',
    'The 95th percentile of the last minute, above 0.5 s: more than five loads in a hundred were slower. Count loads in buckets, in slices of some seconds.',
    { file: 'recent.ts', from: 'loadSeconds(quantile', to: 'return bounds.at(-1)!' },
  ],
  async run(context) {
    const { store, observe, passTime, restart } = context;
    const load = async (from: number, to: number) => {
      const ids = Array.from({ length: to - from }, (_, n) => from + n);
      return await Promise.all(ids.map(async (id) => await store.byId(id)));
    };
    await restart();
    for (let id = 1; id < 100; id += 9) await observe(async () => await load(id, id + 9));
    await slowly(context, async () => await load(100, 101));
    await expectAlarm(context, 'loads-slow', false, '100 loads, 1 of them slow');
    await slowly(context, async () => await load(101, 105), justSlowMs);
    await slowly(context, async () => await load(105, 109), justSlowMs);
    await expectAlarm(context, 'loads-slow', true, '108 loads, 9 of them slow');
    await passTime(overMs);
    await expectAlarm(context, 'loads-slow', false, 'no load in the last minute', { isNull: true });
    return 'silent, firing, clear';
  },
};

export const redisAway: LabCheck = {
  id: 'redis-away',
  title: 'redis-away fires while Redis is away, and clears when it is back',
  expected: 'Redis refuses: fires, and the others are still judged; Redis is back: clear',
  hint: 'INFO rejects: that is the alarm. And alarms() must not reject with it.',
  hints: [
    'Redis is down. What does alarms() need from Redis, and what does it do without?',
    'Catch what INFO rejects with: undefined says "away". Rules about Redis have nothing to judge then; the others go on.',
    { file: 'redis-info.ts', from: 'async look', to: 'if (text === undefined) return undefined' },
  ],
  async run(context) {
    const { weather, passTime } = context;
    await expectAlarm(context, 'redis-away', false, 'Redis answers');
    const spell = weather.redis.refuse();
    await expectAlarm(context, 'redis-away', true, 'Redis refuses');
    spell.stop();
    const clear = async () => (await alarmNow(context, 'redis-away')).firing === false;
    if (!(await attemptsUntil(clear, passTime, 10_000)))
      fail('10 s after Redis came back redis-away still fires', neverClears);
    return 'silent, firing, clear';
  },
};

export const memory: LabCheck = {
  id: 'memory',
  title: 'memory-high and evicting fire when Redis is full, and clear',
  expected:
    'an empty Redis: silent; a full one that evicts: both fire; one without a maximum, or emptied a minute ago: clear',
  hint: 'evicted_keys only ever grows. What was it a minute ago?',
  hints: [
    'evicted_keys says 40,000. Is Redis evicting now?',
    'Keep what it was each time you looked, with the time: the alarm is about the difference over the last minute. Memory is a share: used_memory of maxmemory.',
    { file: 'redis-info.ts', from: '#samples = [...', to: '#samples = [...' },
  ],
  async run(context) {
    const { redis, passTime, restart } = context;
    await redis.flushall();
    // The first look is where counting begins.
    await expectAlarm(context, 'memory-high', false, 'Redis is empty');
    await expectAlarm(context, 'evicting', false, 'Redis is empty');
    await overfill(context);
    await expectAlarm(context, 'memory-high', true, 'Redis is full');
    await expectAlarm(context, 'evicting', true, 'Redis has evicted keys');
    await withoutMaximum(redis, async () => {
      await expectAlarm(context, 'memory-high', false, 'Redis has no maximum', {
        hint: 'maxmemory:0 in INFO: Redis may use as much as it likes. A part of 0 is no number.',
      });
    });
    await redis.flushall();
    await expectAlarm(context, 'memory-high', false, 'Redis was emptied');
    await passTime(overMs);
    await expectAlarm(context, 'evicting', false, 'nothing was evicted for a minute');
    // Who looks more than a minute apart sees no more than that something went in between; who looks for the first
    // time sees nothing yet.
    await restart();
    await expectAlarm(context, 'evicting', false, 'evictions long ago, and a new process looks');
    return 'silent, firing, clear, silent in a new process';
  },
};

async function withoutMaximum(redis: Context['redis'], look: () => Promise<void>): Promise<void> {
  const [, maximum = '0'] = await redis.config('GET', 'maxmemory');
  await redis.config('SET', 'maxmemory', '0');
  try {
    await look();
  } finally {
    await redis.config('SET', 'maxmemory', maximum);
  }
}

export const aside: LabCheck = {
  id: 'aside',
  title: 'Looking costs little and counts as nothing',
  expected:
    '10 pages and 10 times alarms(): 0 statements to MySQL, at most 40 commands to Redis, no read counted',
  hint: 'A page is made from what has been counted. Does it ask MySQL, or walk through the keys?',
  hints: [
    'Prometheus asks every 15 seconds, from three places. What does each page cost?',
    'One INFO. Counting keys, or a SELECT to see whether MySQL is there, is work for something else.',
    { file: 'monitor.ts', from: 'async metrics(info)', to: 'async alarms(info)' },
  ],
  async run(context) {
    const { store, observe } = context;
    // What a client sends when it connects is no part of what looking costs.
    await store.alarms();
    const before = await figures(context);
    const seen = await observe(async () => {
      for (let n = 0; n < 10; n++) {
        await store.metrics();
        await store.alarms();
      }
    });
    const [sql, commands] = [seen.statements.length, seen.redis.length];
    if (sql > 0 || commands > 40) {
      fail(`10 pages and 10 times alarms(): ${sql} statements to MySQL, ${commands} commands to Redis`, {
        mistake: 'looking-costs',
        leadsTo: 'Monitoring that loads what it watches is switched off on the day it is needed.',
      });
    }
    const walks = seen.commands('KEYS', 'SCAN', 'MONITOR', 'DBSIZE').map(({ name }) => name);
    if (walks.some((name) => name !== 'DBSIZE'))
      fail(`metrics() sent ${walks[0]}`, {
        mistake: 'looking-costs',
        leadsTo: 'KEYS holds up every other client of Redis for as long as it takes.',
      });
    const counted = growth(before, await figures(context), 'articles_cache_reads_total');
    if (counted !== 0)
      fail(`10 pages and 10 times alarms(): articles_cache_reads_total grew by ${counted}`, {
        mistake: 'looking-counts',
        leadsTo: 'At night, when nobody reads, the hit ratio is that of the monitoring.',
      });
    return `0 statements, ${commands} commands`;
  },
};

const neverClears = {
  mistake: 'never-clears',
  leadsTo: 'An alarm that stays on is switched off by hand, and then it is off when it matters.',
};

async function alarmNow({ store }: Context, name: AlarmName): Promise<{ firing: unknown; value?: unknown }> {
  const all: unknown = await store.alarms();
  if (!Array.isArray(all)) fail(`alarms() returned ${describe(all)}, expected an array`);
  const missing = names.find((each) => !all.some((alarm: { name?: unknown } | null) => alarm?.name === each));
  if (missing) {
    fail(`alarms() returned ${all.length} alarms, and ${missing} is not among them`, {
      mistake: 'alarm-missing',
      leadsTo: 'Nobody notices an alarm that is not there.',
    });
  }
  return (
    (all as { name: string; firing: unknown; value: unknown }[]).find((alarm) => alarm.name === name) ?? {
      firing: undefined,
    }
  );
}

interface More {
  /** There is nothing to measure, so its value is null. */
  isNull?: true;
  /** In place of the check's. */
  hint?: string;
}

async function expectAlarm(
  context: Context,
  name: AlarmName,
  firing: boolean,
  state: string,
  { isNull, hint }: More = {},
): Promise<void> {
  const alarm = await alarmNow(context, name);
  if (alarm.firing === firing) {
    if (!isNull || typeof alarm.value !== 'number') return;
    fail(`${state}: the value of ${name} is ${alarm.value}, expected null`, {
      mistake: 'value-of-nothing',
      leadsTo: 'On the board a quiet night looks like a cache that has failed.',
    });
  }
  fail(
    `${state}: ${name} ${alarm.firing === true ? 'fires' : 'does not fire'} (${describe(alarm)})`,
    firing
      ? { mistake: 'never-fires', leadsTo: 'The visitors are the first to know.' }
      : state.includes('last minute') || state.includes('a minute') || state.includes('emptied')
        ? neverClears
        : {
            mistake: 'false-alarm',
            leadsTo: 'Who is woken for nothing three times does not get up the fourth.',
            ...(hint !== undefined && { hint }),
          },
  );
}
