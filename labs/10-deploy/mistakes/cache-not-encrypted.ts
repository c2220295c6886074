import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'It is only a cache: what is in it is gone tomorrow.',
  caughtBy: 'at-rest',
  named: 'not-encrypted-at-rest',
  says: ['AtRestEncryptionEnabled', 'not set'],
  change: [
    [
      `      atRestEncryptionEnabled: true,
`,
      ``,
    ],
  ],
});
