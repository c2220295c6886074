import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Spaces at the ends are never meant.',
  caughtBy: 'injection',
  named: 'term-changed',
  says: ['Bergen '],
  change: [['const literal = term.replace', 'const literal = term.trim().replace']],
});
