import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A count is a number.',
  caughtBy: 'readers-cached',
  named: 'types-lost',
  says: ['Readers'],
  change: [['read: BigInt }', 'read: (text) => BigInt(Number(text)) }']],
});
