import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Each command has its time limit of 300 ms, that is not long.',
  caughtBy: 'redis-breaker',
  named: 'no-breaker',
  says: ['120 reads sent it'],
  change: [
    [
      `const breaker = new Breaker('Redis');`,
      'const breaker = { run: async <T>(work: () => Promise<T>) => await work() };',
    ],
    [
      `import { Breaker } from './breaker.ts';
import { until }`,
      'import { until }',
    ],
  ],
});
