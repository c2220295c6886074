import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Who has no place waits for one.',
  caughtBy: 'cap',
  named: 'line-without-end',
  says: ['100 of them wait'],
  change: [['new Cap(8, 50)', 'new Cap(8, Infinity)']],
});
