import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A stream is a log, and a log is kept.',
  caughtBy: 'news',
  named: 'grows-for-good',
  says: ['Redis holds 546'],
  change: [
    ["redis.xadd(key, 'MAXLEN', '~', kept, '*', 'text', text)", "redis.xadd(key, '*', 'text', text)"],
    [
      `/** \`~\` lets Redis drop a whole node of the stream, some 100 pieces, when it can: cheaper than one by one. */
const kept = 300;
`,
      '',
    ],
  ],
});
