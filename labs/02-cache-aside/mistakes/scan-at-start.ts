import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'SCAN does not block: a new version removes the entries of the last one.',
  caughtBy: 'own-keys',
  named: 'flush-or-keys',
  says: ['SCAN'],
  change: [
    [
      `  redis.on('error', () => {});`,
      `  redis.on('error', () => {});
  redis
    .scan(0, 'MATCH', 'articles:*')
    .then(([, keys]) => keys.length > 0 && redis.unlink(keys))
    .catch(() => {});`,
    ],
  ],
});
