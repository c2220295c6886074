import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A client with its defaults sends what it has no reply to again.',
  caughtBy: 'sent-once',
  named: 'sent-twice',
  says: ['bob has 10 points'],
  change: [
    [
      `    // Of a command whose reply was lost nobody knows whether it ran. Sent again, points would be added twice.
    autoResendUnfulfilledCommands: false,
`,
      '',
    ],
  ],
});
