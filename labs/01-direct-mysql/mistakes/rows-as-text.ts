import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'EXPLAIN has the number; it is passed on.',
  caughtBy: 'plan',
  named: 'rows-as-text',
  says: ['rows is the string'],
  change: [["rows: Number(plan['rows'])", "rows: plan['rows']"]],
});
