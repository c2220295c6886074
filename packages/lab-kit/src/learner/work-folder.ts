import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LabFolders } from './paths.ts';

/**
 * Gives the learner a copy of the starter.
 * @returns false, with nothing touched, when they have one already
 */
export async function startWork({ starter, work }: LabFolders): Promise<boolean> {
  if (existsSync(work)) return false;
  // Aside and then renamed: an interrupted copy is never taken for somebody's work.
  const aside = await mkdtemp(`${work}.new-`);
  await cp(starter, aside, { recursive: true });
  try {
    await rename(aside, work);
    return true;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (existsSync(work)) return false;
    throw error;
  }
}

/**
 * Starts a lab over. What was there is moved, never deleted.
 * @returns where the old work is kept; undefined when there was none
 */
export async function resetWork(
  folders: LabFolders,
  keptRoot: string,
  now: Date,
): Promise<string | undefined> {
  let kept: string | undefined;
  if (existsSync(folders.work)) {
    const stamp = now
      .toISOString()
      .replaceAll(':', '-')
      .replace(/\.\d+Z$/, '');
    kept = await freeName(join(keptRoot, basename(folders.root), stamp));
    await mkdir(dirname(kept), { recursive: true });
    await move(folders.work, kept);
  }
  await startWork(folders);
  return kept;
}

async function freeName(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${path}-${n}`;
    if (!existsSync(candidate)) return candidate;
  }
}

/** The state folder may be on another disk, where a rename is refused. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true, errorOnExist: true, force: false });
    await rm(from, { recursive: true });
  }
}
