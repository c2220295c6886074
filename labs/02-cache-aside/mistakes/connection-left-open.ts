import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'close() closes the pool; Redis is forgotten.',
  caughtBy: 'close',
  named: 'never-closed',
  says: ['1 to Redis'],
  change: [
    [
      String.raw`      redis.disconnect();
`,
      '',
    ],
  ],
});
