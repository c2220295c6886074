import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What is in Redis is served, and loaded anew behind the reader.',
  caughtBy: 'fresh-first',
  named: 'stale-without-need',
  says: ['with MySQL well'],
  change: [['    if (kept && kept.remainingMs > 0) {', '    if (kept) {']],
});
