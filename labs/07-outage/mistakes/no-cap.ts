import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'MySQL takes 151 connections, so we can use a few more.',
  caughtBy: 'cap',
  named: 'no-cap',
  says: ['queries at MySQL at the same time'],
  change: [
    ['new Cap(8, 50)', 'new Cap(40, 50)'],
    ['connectionLimit: 10,', 'connectionLimit: 40,'],
  ],
});
