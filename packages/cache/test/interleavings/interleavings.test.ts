import { describe, expect, inject, it } from 'vitest';
import { FAULTS } from './faults.ts';
import type { FaultName } from './faults.ts';
import { makePlan } from './plan.ts';
import { explain } from './report.ts';
import { runSchedules, withWire } from './run-schedules.ts';

/** Of `pnpm soak`'s 100,000 and more. */
const SCHEDULES = 3_000;

const redisUrl = inject('redisUrl');

describe('interleavings of reads, loads, writes, expiries and crashes in several processes', () => {
  it(`never give a value that was loaded before an invalidation that had returned (${SCHEDULES} schedules)`, async () => {
    const summary = await runSchedules({ redisUrl, seed: 1, schedules: SCHEDULES });
    const [first] = summary.failures;
    const explained = first && (await withWire(redisUrl, (run) => explain(run, first)));
    console.log(
      `${summary.schedules} schedules, ${summary.interleavings.size} different orders of the commands at Redis, ` +
        `${summary.readsChecked} reads checked, ${summary.failures.length} failed`,
    );
    expect(explained).toBeUndefined();
    expect(summary).toMatchObject({ schedules: SCHEDULES, failures: [], strays: [] });
    expect(summary.readsChecked).toBeGreaterThan(SCHEDULES);
    // Were they mostly the same, their number would say little.
    expect(summary.interleavings.size).toBeGreaterThan(SCHEDULES * 0.9);
  }, 240_000);

  it.each(Object.keys(FAULTS) as FaultName[])(
    'find a stale read when broken: %s',
    async (fault) => {
      const summary = await runSchedules({
        redisUrl,
        seed: 1,
        schedules: SCHEDULES,
        fault,
        stopsAtFirst: true,
      });
      const [first] = summary.failures;
      console.log(`${fault}: found by one of the first ${summary.schedules} schedules`);
      expect(first?.violation?.kind).toBe('stale read');
    },
    240_000,
  );
});

describe('a schedule', () => {
  it('is the same again from its seed, step by step', async () => {
    const replays = await withWire(redisUrl, async (run) => {
      const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
      const replay = () => Promise.all(seeds.map(async (seed) => run(makePlan(seed), seed)));
      return [await replay(), await replay()] as const;
    });
    const [one, other] = replays.map((verdicts) => verdicts.map(({ transcript }) => transcript.print(3)));
    expect(one).toEqual(other);
  });

  it('that fails is shown with its seed, the way to see it again, and a lane for each process', async () => {
    const fault = 'no leases';
    const { failures } = await runSchedules({
      redisUrl,
      seed: 1,
      schedules: SCHEDULES,
      fault,
      stopsAtFirst: true,
    });
    const [first] = failures;
    expect(first).toBeDefined();
    if (first === undefined) return;
    const text = await withWire(redisUrl, (run) => explain(run, first, fault));
    expect(text).toContain(`pnpm soak --seed ${first.seed} --fault 'no leases'`);
    expect(text).toMatch(/^step {2}A +\| B/m);
    expect(text).toMatch(/stale read: .* [ab] v\d/);
  }, 240_000);
});
