import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The lock decides; without an answer about it there is none for the reader.',
  caughtBy: 'redis-away',
  named: 'redis-error-fails-the-read',
  says: ['failed'],
  change: [
    [
      '    const generations = await presentGenerations(tags).catch(() => undefined);',
      '    const generations = await presentGenerations(tags);',
    ],
  ],
});
