import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A lock that is long enough can not be lost.',
  caughtBy: 'owner-dies',
  named: 'lock-outlives-owner',
  says: ['still wait'],
  change: [['export const lockMs = 5_000;', 'export const lockMs = 3_600_000;']],
});
