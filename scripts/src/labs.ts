import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stateDir } from '@workshop/engines';
import { labFolders, type Lab, type LabFolders } from '@workshop/lab-kit';
import { UsageError } from './report-error.ts';
import { root } from './root.ts';

export const labsRoot = join(root, 'labs');

export const progressFile = (): string => join(stateDir(), 'progress.json');

export interface FoundLab {
  lab: Lab;
  folders: LabFolders;
}

/** "01", "02", ... in order. */
export async function labNumbers(): Promise<string[]> {
  const names = await readdir(labsRoot);
  return names
    .filter((name) => existsSync(join(labsRoot, name, 'checks.ts')))
    .map((name) => name.slice(0, 2))
    .toSorted();
}

/** @throws {UsageError} for a number that is not a lab's */
export async function findLab(number: string | undefined): Promise<FoundLab> {
  const numbers = await labNumbers();
  const wanted = number?.padStart(2, '0');
  if (wanted === undefined || !numbers.includes(wanted)) {
    throw new UsageError(
      `${number === undefined ? 'Which lab?' : `There is no lab ${number}.`} There are: ${numbers.join(', ')}.`,
    );
  }
  const name = (await readdir(labsRoot)).find((entry) => entry.startsWith(`${wanted}-`)) ?? '';
  // By path: nothing imports the labs.
  const checks = (await import(pathToFileURL(join(labsRoot, name, 'checks.ts')).href)) as { default: Lab };
  return { lab: checks.default, folders: labFolders(labsRoot, checks.default) };
}
