import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What looks like a date is made one.',
  caughtBy: 'hit-equals-miss',
  named: 'types-lost',
  says: ['Title is the Date'],
  change: [
    [
      '    if (item?.$date !== undefined) return new Date(item.$date);',
      '    if (typeof item === "string" && /^\\d{4}-\\d\\d-\\d\\dT/.test(item)) return new Date(item);',
    ],
    ['return { $date: original.toISOString() };', 'return original.toISOString();'],
  ],
});
