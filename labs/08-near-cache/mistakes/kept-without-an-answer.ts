import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Redis 6 and later have tracking, and the version was checked.',
  caughtBy: 'refused',
  named: 'kept-without-listening',
  says: ['Redis refused CLIENT TRACKING'],
  change: [
    [
      `    listen().catch(() => redis.disconnect(true));
`,
      `    listen().catch(() => listener.turned(true));
`,
    ],
  ],
});
