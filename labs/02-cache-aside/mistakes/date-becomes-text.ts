import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'JSON.stringify and JSON.parse, with the bigint turned into text because it throws.',
  caughtBy: 'hit-equals-miss',
  named: 'types-lost',
  says: ['LastReadAt'],
  change: [
    [
      String.raw`if (original instanceof Date) return { $date: original.toISOString() };
    `,
      String.raw`void original;
    `,
    ],
  ],
});
