import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A date knows how to become text.',
  caughtBy: 'readers-cached',
  named: 'types-lost',
  says: ['LastReadAt'],
  change: [['write: (date) => date.toISOString()', 'write: String']],
});
