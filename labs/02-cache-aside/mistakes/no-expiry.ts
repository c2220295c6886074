import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'SET, and it is stored.',
  caughtBy: 'expiry',
  named: 'no-expiry',
  says: ['has no expiry'],
  change: [
    ["encode(value), 'EX', ttlSeconds)", 'encode(value))'],
    [
      String.raw`const ttlSeconds = 60;
`,
      '',
    ],
  ],
});
