import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The limit comes from the page, and the page offers 10, 50 and 500.',
  caughtBy: 'limit',
  named: 'unbounded-limit',
  says: ['brought 501 rows'],
  change: [
    [
      'if (!Number.isInteger(limit) || limit < 1 || limit > mostRows) {',
      'if (!Number.isInteger(limit) || limit < 1) {',
    ],
    ['const mostRows = 500;', 'const mostRows = 1_000_000;'],
  ],
});
