import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The map of the slots is read once, and each key goes straight to its node.',
  caughtBy: 'resharding',
  named: 'does-not-follow',
  says: ['have moved'],
  change: [
    [
      `    slotsRefreshInterval: 1_000,
`,
      `    maxRedirections: 0,
`,
    ],
  ],
});
