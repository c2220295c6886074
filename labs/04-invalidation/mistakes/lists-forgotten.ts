import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A revised article is one article, so its tag is enough.',
  caughtBy: 'lists',
  named: 'lists-forgotten',
  says: ['search('],
  change: [
    ['return await write([articleTag(id), listsTag], async', 'return await write([articleTag(id)], async'],
  ],
});
