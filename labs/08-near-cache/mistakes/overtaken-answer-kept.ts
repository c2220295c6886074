import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What comes from Redis is put into memory.',
  caughtBy: 'crossing',
  named: 'old-answer-kept',
  says: ['waited for the answer'],
  change: [
    [
      'if (!isListening || mark !== changes || lifeMs <= 0) return;',
      'if (!isListening || mark > changes || lifeMs <= 0) return;',
    ],
  ],
});
