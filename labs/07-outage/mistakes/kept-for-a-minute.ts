import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An outage is over in a minute.',
  caughtBy: 'stale-ends',
  named: 'stale-too-short',
  says: ['failed'],
  change: [['export const spareMs = 600_000;', 'export const spareMs = 60_000;']],
});
