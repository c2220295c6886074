import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'As long as there is anything to show, show it.',
  caughtBy: 'stale-ends',
  named: 'stale-for-good',
  says: ['3 of 3 reads'],
  change: [['export const spareMs = 600_000;', 'export const spareMs = 80_000_000;']],
});
