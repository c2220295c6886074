import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Entries end after ten seconds, so the memory can not grow.',
  caughtBy: 'bounded',
  named: 'unbounded-memory',
  says: ['read once more'],
  change: [['const mostEntries = 500;', 'const mostEntries = 1_000_000;']],
});
