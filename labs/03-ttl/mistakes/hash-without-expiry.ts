import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'SET takes an expiry along; HSET surely does something of the kind.',
  caughtBy: 'hash-life',
  named: 'no-expiry',
  says: ['readers(7)', 'has no expiry'],
  change: [['.pexpire(key, lifeMs)', '']],
});
