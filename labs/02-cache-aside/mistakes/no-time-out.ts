import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Errors are caught; an answer that never comes is not an error.',
  caughtBy: 'redis-hangs',
  named: 'waits-for-redis',
  says: ['did not return within'],
  change: [
    [
      String.raw`    commandTimeout: 300,
`,
      '',
    ],
  ],
});
