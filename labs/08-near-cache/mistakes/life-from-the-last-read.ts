import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What is read all the time stays in memory.',
  caughtBy: 'lost-message',
  named: 'trusts-for-good',
  says: ['the message was lost'],
  change: [['{ max: mostEntries, ttl: mostMs }', '{ max: mostEntries, ttl: mostMs, updateAgeOnGet: true }']],
});
