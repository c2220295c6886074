import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Every query has a time limit, that is enough.',
  caughtBy: 'mysql-breaker',
  named: 'retry-storm',
  says: ['55 reads sent 55 queries'],
  change: [
    ['await cap.run(tooLate, async () => await breaker.run(ask));', 'await cap.run(tooLate, ask);'],
    [
      `  const breaker = new Breaker('MySQL');
`,
      '',
    ],
    [
      `import { Breaker } from './breaker.ts';
import { Cap }`,
      'import { Cap }',
    ],
  ],
});
