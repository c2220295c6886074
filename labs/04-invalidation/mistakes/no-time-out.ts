import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Redis always answers.',
  caughtBy: 'redis-away',
  named: 'waits-for-redis',
  says: ['did not answer', 'did not return within 5 s'],
  change: [
    [
      `    commandTimeout: 300,
`,
      '',
    ],
  ],
});
