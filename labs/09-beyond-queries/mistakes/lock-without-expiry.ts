import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Who has loaded lets go of the lock.',
  caughtBy: 'cities-once',
  named: 'locked-out',
  says: ['11 s later another one still waits'],
  change: [["await redis.set(lockKey, token, 'PX', lockMs, 'NX')", "await redis.set(lockKey, token, 'NX')"]],
});
