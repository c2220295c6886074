import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The expiry is given in milliseconds, to an option that takes seconds.',
  caughtBy: 'expiry',
  named: 'expiry-too-long',
  says: ['60000 s'],
  change: [['const ttlSeconds = 60;', 'const ttlSeconds = 60_000;']],
});
