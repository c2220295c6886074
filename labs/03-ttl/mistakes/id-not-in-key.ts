import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'There is one kind of record, so there is one key.',
  caughtBy: 'readers-cached',
  named: 'keys-collide',
  says: ['readers(12) from MySQL, after other reads'],
  change: [['articles:readers:${id}', 'articles:readers']],
});
