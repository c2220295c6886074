import { existsSync } from 'node:fs';
import { lookOf, painter, readProgress } from '@workshop/lab-kit';
import { findLab, labNumbers, progressFile } from './labs.ts';

/** `pnpm lab:status`: a line a lab. */
export async function status(): Promise<number> {
  const look = lookOf(process.stdout, process.env);
  const paint = painter(look);
  const { progress, damaged } = await readProgress(progressFile());
  if (damaged)
    console.error(`${progressFile()} can't be read. It will be kept as ${damaged} at the next verify.`);
  for (const number of await labNumbers()) {
    const { lab, folders } = await findLab(number);
    const mine = progress.labs[lab.id];
    const good = lab.checks.filter((check) => mine?.checks[check.id]).length;
    const state = mine?.passedAt
      ? `done ${mine.passedAt.slice(0, 10)}`
      : mine?.lastVerifiedAt
        ? `${good} of ${lab.checks.length} checks pass`
        : existsSync(folders.work)
          ? 'started'
          : 'not started';
    console.log(`  ${lab.id}  ${lab.title.padEnd(28)} ${paint(mine?.passedAt ? 'green' : 'dim', state)}`);
  }
  return 0;
}
