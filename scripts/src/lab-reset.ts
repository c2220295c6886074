import { join, relative } from 'node:path';
import { stateDir } from '@workshop/engines';
import { resetWork } from '@workshop/lab-kit';
import { findLab } from './labs.ts';
import { root } from './root.ts';

/** `pnpm lab:reset NN` */
export async function reset(number: string | undefined): Promise<number> {
  const { lab, folders } = await findLab(number);
  const kept = await resetWork(folders, join(stateDir(), 'kept'), new Date());
  console.log(`Lab ${lab.id} starts over in ${relative(root, folders.work)}.`);
  console.log(kept ? `What you had is kept in ${relative(root, kept)}.` : 'There was no work to keep.');
  return 0;
}
