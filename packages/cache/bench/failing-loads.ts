import { testKeyPrefix } from '@workshop/engines/test-space';
import { openCrowd } from './support/crowd.ts';
import type { Figure } from './support/figure.ts';

const PROCESSES = 4;
const CALLERS = 1_000;
const KEYS = 5;

/** Calls of a loader that fails, in a process where 1,000 callers wait for it and 3 others do the same; the worst. */
export default {
  id: 'failing-loads',
  title: 'Calls per process of a failing load with 1,000 callers',
  target: { atMost: 1 },
  async measure({ redisUrl, log }) {
    const prefix = testKeyPrefix().replace(/:$/, '');
    const setup = { redisUrl, prefix, library: 'ours', callers: CALLERS, loadMs: 40, fails: true };
    const crowd = await openCrowd(PROCESSES, setup);
    try {
      const loads: number[] = [];
      for (let key = 0; key < KEYS; key += 1) {
        for (const report of await crowd.rush(`failing:${key}`)) {
          loads.push(report.loads);
          const told = report.got.get('Error: The load failed.') ?? 0;
          if (told !== CALLERS) throw new Error(`Only ${told} callers of ${CALLERS} got the load's error.`);
        }
      }
      log(`calls in each of ${PROCESSES} processes, ${KEYS} times: ${loads.join(', ')}`);
      return Math.max(...loads);
    } finally {
      await crowd.close();
    }
  },
} satisfies Figure;
