import { join, relative } from 'node:path';
import { noteStarted, startWork, storeFile } from '@workshop/lab-kit';
import { findLab, progressFile } from './labs.ts';
import { root } from './root.ts';

/** `pnpm lab:start NN` */
export async function start(number: string | undefined): Promise<number> {
  const { lab, folders } = await findLab(number);
  const isNew = await startWork(folders);
  await noteStarted(progressFile(), lab.id, new Date());
  const show = (path: string) => relative(root, path);
  console.log(`Lab ${lab.id}  ${lab.title} (about ${lab.minutes} minutes)

  ${isNew ? 'Your copy  ' : 'Your work  '} ${show(join(folders.work, storeFile))}${isNew ? '' : '   (was there, left as it is)'}
  The guide   ${show(folders.guide)}
  Check it    pnpm lab:verify ${lab.id}
  Start over  pnpm lab:reset ${lab.id}`);
  return 0;
}
