import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The answer is in memory; whether it still counts is asked of Redis.',
  caughtBy: 'from-memory',
  named: 'asks-redis-each-time',
  says: ['still sent'],
  change: [
    [
      'if (known.every((generation) => generation !== undefined)) return known;',
      'if (known.length === 0) return known as string[];',
    ],
  ],
});
