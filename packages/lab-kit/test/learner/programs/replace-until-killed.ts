import { join } from 'node:path';
import { replaceWork } from '../../../src/learner/work-folder.ts';

/** Puts solution and starter in the place of the work in turn, until it is killed, and tells of each time. */
const [root = '', keptRoot = ''] = process.argv.slice(2);
const folders = {
  root,
  guide: '',
  starter: join(root, 'starter'),
  solution: join(root, 'solution'),
  work: join(root, 'work'),
};
for (;;) {
  for (const source of [folders.solution, folders.starter]) {
    await replaceWork(folders, source, keptRoot, new Date());
    process.send?.('replaced');
  }
}
