import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'One round trip, so it happens at once.',
  caughtBy: 'one-step',
  named: 'value-and-expiry-apart',
  says: ['readers(7)', 'after HSET'],
  change: [['await redis.multi().del', 'await redis.pipeline().del']],
});
