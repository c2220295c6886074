import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'When Redis has failed five times, we do without.',
  caughtBy: 'redis-breaker',
  named: 'gives-up-for-good',
  says: ['was a hit'],
  change: [
    [
      `const breaker = new Breaker('Redis');`,
      `let failures = 0;
  const breaker = {
    async run<T>(work: () => Promise<T>): Promise<T> {
      if (failures >= 5) throw new Error('Redis is away');
      return await work().catch((error: unknown) => {
        failures++;
        throw error;
      });
    },
  };`,
    ],
    [
      `import { Breaker } from './breaker.ts';
import { until }`,
      'import { until }',
    ],
  ],
});
