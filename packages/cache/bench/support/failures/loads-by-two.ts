import { openCrowd } from '../crowd.ts';
import type { Failure } from './failure.ts';

/** Two processes ask for the same missing key at the same moment: the database is to see one load. */
export const loadsByTwo: Failure = {
  title: 'loads by 2 processes',
  wanted: 1,
  async see({ name }, { redisUrl, prefix }) {
    const crowd = await openCrowd(2, {
      redisUrl,
      prefix,
      library: name,
      callers: 10,
      loadMs: 100,
      fails: false,
    });
    try {
      const reports = await crowd.rush('cold');
      return reports.reduce((sum, { loads }) => sum + loads, 0);
    } finally {
      await crowd.close();
    }
  },
};
