import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A copy may live as long as the entry: Redis tells when it changes.',
  caughtBy: 'lost-message',
  named: 'trusts-for-good',
  says: ['the message was lost'],
  change: [['const mostMs = 10_000;', 'const mostMs = 600_000;']],
});
