import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Each call that waits gets a connection.',
  caughtBy: 'news-waits',
  named: 'connection-per-wait',
  says: ['connections to Redis are open'],
  change: [
    [
      `        waiting.delete(own);
        own.disconnect();
`,
      `        waiting.delete(own.off('error', () => {}));
`,
    ],
  ],
});
