import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The lock is deleted when the load is done: what should it expire for?',
  caughtBy: 'owner-dies',
  named: 'lock-without-expiry',
  says: [':lock'],
  change: [[`redis.set(key, owner, 'PX', lockMs, 'NX')`, `redis.set(key, owner, 'NX')`]],
});
