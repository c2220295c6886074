import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A client with its defaults retries each command twenty times.',
  caughtBy: 'redis-refuses',
  named: 'waits-for-redis',
  says: ['did not return within'],
  change: [
    [
      String.raw`    commandTimeout: 300,
`,
      '',
    ],
    [
      String.raw`    maxRetriesPerRequest: 1,
`,
      String.raw`    maxRetriesPerRequest: null,
`,
    ],
  ],
});
