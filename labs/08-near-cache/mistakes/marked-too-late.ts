import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The mark is taken when there is something to keep.',
  caughtBy: 'crossing',
  named: 'old-answer-kept',
  says: ['waited for the answer'],
  change: [
    [
      `    const mark = near.mark();
    const generations = await breaker`,
      `    const generations = await breaker`,
    ],
    [
      'near.set(key, generations[index], Infinity, mark);',
      'near.set(key, generations[index], Infinity, near.mark());',
    ],
  ],
});
