import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A connection that is open works.',
  caughtBy: 'silent-node',
  named: 'waits-for-a-node',
  says: ['did not return within 5 s'],
  change: [
    [
      `      commandTimeout: 300,
`,
      '',
    ],
    [
      `    slotsRefreshInterval: 1_000,
`,
      `    slotsRefreshInterval: 1_000,
    maxRedirections: 5,
`,
    ],
    [
      `  return await until(AbortSignal.timeout(limitMs), 'Redis', work());`,
      `  void [until, limitMs];
  return await work();`,
    ],
  ],
});
