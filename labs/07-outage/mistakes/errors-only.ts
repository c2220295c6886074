import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'When MySQL sends an error, the old answer is served.',
  caughtBy: 'stale',
  named: 'no-stale-answers',
  says: ['MySQL does not answer', '80 s after'],
  change: [['if (!kept) throw error;', `if (!kept || (error as Error).name === 'TooLate') throw error;`]],
});
