import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Hits by reads, from the two counters.',
  caughtBy: 'ratio',
  named: 'since-boot',
  says: ['no read for 90 s'],
  change: [['export const windowMs = 60_000;', 'export const windowMs = 1e12;']],
});
