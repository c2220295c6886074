import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A count is a number, so it is made one.',
  caughtBy: 'by-id',
  named: 'digits-lost',
  says: ['Readers is', 'number'],
  change: [["BigInt(row['Readers'])", "Number(row['Readers'])"]],
});
