import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'It was in Redis, so it is a hit.',
  caughtBy: 'stale',
  named: 'stale-counted-as-hit',
  says: ['as hits'],
  change: [["found('stale');", "found('hit');"]],
});
