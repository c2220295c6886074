import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Both are about article 7.',
  caughtBy: 'readers-cached',
  named: 'keys-collide',
  says: ['byId(7) sent 1 SELECT'],
  change: [['articles:readers:${id}', 'articles:id:${id}']],
});
