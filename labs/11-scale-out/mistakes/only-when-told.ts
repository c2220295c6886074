import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The client hears of a failover: connections end, and nodes answer MOVED.',
  caughtBy: 'silent-node',
  named: 'gives-up-for-good',
  says: ['expected 0 SELECTs'],
  change: [
    [
      `    slotsRefreshInterval: 1_000,
`,
      '',
    ],
  ],
});
