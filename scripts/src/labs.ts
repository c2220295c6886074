import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stateDir } from '@workshop/engines';
import { currentLab, isWork, labFolders, readProgress, type Lab, type LabFolders } from '@workshop/lab-kit';
import { importLab } from './import-lab.ts';
import { UsageError } from './report-error.ts';
import { root } from './root.ts';

export const labsRoot = join(root, 'labs');

export const progressFile = (): string => here().progress;

/** Where a command finds the labs, and keeps what is the learner's besides their work. */
export interface Place {
  labs: string;
  /** The progress file. */
  progress: string;
  /** Where replaced work goes. */
  kept: string;
}

export function here(): Place {
  const state = stateDir();
  return { labs: labsRoot, progress: join(state, 'progress.json'), kept: join(state, 'kept') };
}

export interface FoundLab {
  lab: Lab;
  folders: LabFolders;
}

/** "01", "02", ... in order. */
export async function labNumbers(labs = labsRoot): Promise<string[]> {
  const names = await readdir(labs);
  return names
    .filter((name) => existsSync(join(labs, name, 'checks.ts')))
    .map((name) => name.slice(0, 2))
    .toSorted();
}

/** The lab of that number; without one, the lab that the learner is at. @throws {UsageError} */
export async function chosenLab(number: string | undefined, { labs, progress }: Place): Promise<FoundLab> {
  if (number !== undefined) return await findLab(number, labs);
  return await findLab(currentLab((await readProgress(progress)).progress, await labNumbers(labs)), labs);
}

/** The same, for commands that need work to work on. @throws {UsageError} when the lab is not started */
export async function startedLab(number: string | undefined, place: Place): Promise<FoundLab> {
  const found = await chosenLab(number, place);
  if (await isWork(found.folders.work)) return found;
  throw new UsageError(`Lab ${found.lab.id} is not started. First: pnpm lab:start ${found.lab.id}`);
}

/** @throws {UsageError} for a number that is not a lab's */
export async function findLab(number: string | undefined, labs = labsRoot): Promise<FoundLab> {
  const numbers = await labNumbers(labs);
  const wanted = number?.padStart(2, '0');
  if (wanted === undefined || !numbers.includes(wanted)) {
    throw new UsageError(
      `${number === undefined ? 'Which lab?' : `There is no lab ${number}.`} There are: ${numbers.join(', ')}.`,
    );
  }
  const name = (await readdir(labs)).find((entry) => entry.startsWith(`${wanted}-`)) ?? '';
  const lab = await importLab(join(labs, name));
  return { lab, folders: labFolders(labs, lab) };
}
