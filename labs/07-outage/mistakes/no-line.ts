import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'More than ten at once is an overload: say so.',
  caughtBy: 'cap',
  named: 'refuses-too-soon',
  says: ['30 different reads at once'],
  change: [['new Cap(8, 50)', 'new Cap(8, 0)']],
});
