import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'HSET writes all columns, so what was there is overwritten.',
  caughtBy: 'broken-hash',
  named: 'old-fields-stay',
  says: ['Retired'],
  change: [['await redis.multi().del(key).hset', 'await redis.multi().hset']],
});
