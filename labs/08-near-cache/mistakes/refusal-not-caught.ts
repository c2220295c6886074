import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Subscribing works, or it does not: then nobody awaits it.',
  caughtBy: 'one-connection',
  named: 'ends-with-a-connection',
  says: ['the process ended'],
  change: [
    [
      `    listen().catch(() => redis.disconnect(true));
`,
      `    // oxlint-disable-next-line typescript/no-floating-promises
    void listen();
`,
    ],
  ],
});
