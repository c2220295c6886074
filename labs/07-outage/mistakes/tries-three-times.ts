import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A query that fails is tried again, twice: often that helps.',
  caughtBy: 'mysql-breaker',
  named: 'retry-storm',
  says: ['MySQL answers each query with an error'],
  change: [
    [
      'async () => await breaker.run(ask));',
      'async () => await breaker.run(async () => await ask().catch(ask).catch(ask)));',
    ],
  ],
});
