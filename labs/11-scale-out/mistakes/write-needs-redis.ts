import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A write that can not be told to Redis has failed.',
  caughtBy: 'failover',
  named: 'fails-without-a-node',
  says: ['a primary was killed'],
  change: [
    ['await debts.add(generationKeys(tags)).catch(() => {});', 'await debts.add(generationKeys(tags));'],
  ],
});
