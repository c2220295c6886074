import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What Redis did not answer is a miss.',
  caughtBy: 'errors',
  named: 'errors-as-hits',
  says: ['as misses'],
  change: [[`let outcome: Outcome = 'error';`, `let outcome: Outcome = 'miss';`]],
});
