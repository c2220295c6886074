import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A long key is cut to a sane length.',
  caughtBy: 'keys-apart',
  named: 'keys-collide',
  says: ['Genoa'],
  change: [
    [`\`articles:search:\${limit}:\${term}\``, `\`articles:search:\${limit}:\${term.slice(0, 100)}\``],
  ],
});
