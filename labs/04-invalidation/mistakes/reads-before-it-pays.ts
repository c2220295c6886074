import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What is owed is paid when Redis is back. Reads need not wait for it.',
  caughtBy: 'redis-away',
  named: 'reads-before-it-pays',
  says: ['took no writes', 'in the same process'],
  change: [
    [
      `    await payOwed();
    return await generationsOf(redis, tags);`,
      '    return await generationsOf(redis, tags);',
    ],
  ],
});
