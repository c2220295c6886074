import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Sixty seconds, given to an option that takes milliseconds.',
  caughtBy: 'expiry',
  named: 'expiry-too-short',
  says: ['lives for'],
  change: [["'EX', ttlSeconds", "'PX', ttlSeconds"]],
});
