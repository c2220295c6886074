import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'After two second places comes the third.',
  caughtBy: 'leaderboard',
  named: 'ties-ranked-wrongly',
  says: ['has rank 3, expected 5'],
  change: [
    [
      'before?.points === points ? before.rank : rows.length + 1',
      'before?.points === points ? before.rank : (before?.rank ?? 0) + 1',
    ],
  ],
});
