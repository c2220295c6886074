import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Every write invalidates the article and the lists.',
  caughtBy: 'rest-stays',
  named: 'lists-dropped-by-a-count',
  says: ['countRead(7)', `search('the', 5) sent 1 SELECT`],
  change: [
    ['return await write([articleTag(id)], async', 'return await write([articleTag(id), listsTag], async'],
  ],
});
