import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Not a miss, so it was a hit.',
  caughtBy: 'errors',
  named: 'errors-as-hits',
  says: ['counted as hits'],
  change: [[`let outcome: Outcome = 'error';`, `let outcome: Outcome = 'hit';`]],
});
