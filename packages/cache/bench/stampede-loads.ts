import { testKeyPrefix } from '@workshop/engines/test-space';
import { openCrowd } from './support/crowd.ts';
import type { Figure } from './support/figure.ts';

const PROCESSES = 4;
const CALLERS = 250;
const KEYS = 10;

/** Loads of one cold key that 4 processes with 250 callers each ask for at once; the worst of several keys. */
export default {
  id: 'stampede-loads',
  title: 'Loads of a cold key that 4 processes x 250 callers ask for',
  target: { atMost: 1 },
  async measure({ redisUrl, log }) {
    const prefix = testKeyPrefix().replace(/:$/, '');
    const setup = { redisUrl, prefix, library: 'ours', callers: CALLERS, loadMs: 40, fails: false };
    const crowd = await openCrowd(PROCESSES, setup);
    try {
      const loads: number[] = [];
      for (let key = 0; key < KEYS; key += 1) {
        const reports = await crowd.rush(`cold:${key}`);
        loads.push(reports.reduce((sum, report) => sum + report.loads, 0));
        const served = reports
          .flatMap(({ got }) => [...got])
          .reduce((sum, [name, callers]) => sum + (name.startsWith('load ') ? callers : 0), 0);
        if (served !== PROCESSES * CALLERS)
          throw new Error(`Only ${served} callers of ${PROCESSES * CALLERS} got a value.`);
      }
      log(`loads of each of ${KEYS} keys: ${loads.join(', ')}`);
      return Math.max(...loads);
    } finally {
      await crowd.close();
    }
  },
} satisfies Figure;
