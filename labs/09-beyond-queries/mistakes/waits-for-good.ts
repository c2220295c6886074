import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A client with its defaults waits for an answer as long as it takes.',
  caughtBy: 'redis-away',
  named: 'waits-for-redis',
  says: ['did not settle within 5 s'],
  change: [
    [
      `    commandTimeout: 1_000,
`,
      '',
    ],
  ],
});
