import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Sixty seconds, given to an option that takes milliseconds.',
  caughtBy: 'second-read',
  named: 'expiry-too-short',
  says: ['stored for 60 ms'],
  change: [["'EX', ttlSeconds", "'PX', ttlSeconds"]],
});
