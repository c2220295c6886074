import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Every copy lives ten seconds.',
  caughtBy: 'life',
  named: 'outlives-redis',
  says: ['found none'],
  change: [['{ ttl: Math.min(lifeMs, mostMs) }', '{ ttl: mostMs }']],
});
