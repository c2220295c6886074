import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A new article has never been read, so nothing of it can be in the cache.',
  caughtBy: 'lists',
  named: 'none-forgotten',
  says: ['publish(', 'returned undefined'],
  change: [['await write([articleTag(article.OBJECTID), listsTag]', 'await write([listsTag]']],
});
