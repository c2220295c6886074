import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A wrong limit is an error; which one does not matter.',
  caughtBy: 'limit',
  named: 'not-a-range-error',
  says: ['failed with Error'],
  change: [['throw new RangeError(', 'throw new Error(']],
});
