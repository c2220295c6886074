import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The bigint is stored as text, and comes back as text.',
  caughtBy: 'hit-equals-miss',
  named: 'types-lost',
  says: ['Readers'],
  change: [
    [
      "typeof item === 'bigint' ? { $bigint: item.toString() } : item",
      "typeof item === 'bigint' ? item.toString() : item",
    ],
  ],
});
