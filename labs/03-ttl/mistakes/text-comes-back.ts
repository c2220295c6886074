import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What HGETALL brings has the right names.',
  caughtBy: 'readers-cached',
  named: 'types-lost',
  says: ['Readers'],
  change: [["columns[name].read(fields[name] ?? '')", "fields[name] ?? ''"]],
});
