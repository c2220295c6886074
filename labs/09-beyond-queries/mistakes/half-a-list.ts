import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The cities go straight under their key.',
  caughtBy: 'cities-together',
  named: 'half-a-list',
  says: ['another one found'],
  change: [['const aside = `${key}:${token}`;', 'const aside = token && key;']],
});
