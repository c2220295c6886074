import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The prefix stood in two places, and was changed in one of them.',
  caughtBy: 'other-writes',
  named: 'stale-local-copy',
  says: ['after it had resolved'],
  change: [
    [
      'createNear(redisUrl, generationPrefix)',
      "createNear(redisUrl, generationPrefix.replace('articles', 'lists'))",
    ],
  ],
});
