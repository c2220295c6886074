import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The connection is made anew by itself, so there is nothing to do.',
  caughtBy: 'disconnect',
  named: 'served-while-deaf',
  says: ['were cut, and rows changed'],
  change: [
    [
      `  redis.on('close', () => listener.turned(false));
`,
      '',
    ],
  ],
});
