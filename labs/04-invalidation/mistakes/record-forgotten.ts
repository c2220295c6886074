import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The article has a tag; that its readers are kept apart, in a hash, is forgotten.',
  caughtBy: 'fresh',
  named: 'record-forgotten',
  says: ['readers(7), in the same process, returned a row whose Readers'],
  change: [['form: readers, tags: [articleTag(id)]', 'form: readers, tags: [`readers:${id}`]']],
});
