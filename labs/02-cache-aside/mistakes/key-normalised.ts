import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The same letter can be written in two ways; the key takes them for one.',
  caughtBy: 'keys-apart',
  named: 'keys-collide',
  says: ['expected 0'],
  change: [['`articles:search:${limit}:${term}`', '`articles:search:${limit}:${term.normalize()}`']],
});
