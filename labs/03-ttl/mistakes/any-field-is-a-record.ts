import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Not empty, so it is whole.',
  caughtBy: 'broken-hash',
  named: 'half-a-record',
  says: ['the field', 'was gone'],
  change: [
    [
      'if (!names.every((name) => name in fields)) return undefined;',
      'if (Object.keys(fields).length === 0) return undefined;',
    ],
  ],
});
