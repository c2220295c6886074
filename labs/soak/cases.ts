import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { storeFile } from '@workshop/lab-kit';
import { applyChanges } from '../change.ts';
import { readFiles } from '../folders.ts';
import type { Mistake } from '../mistake.ts';

/** A way of doing a lab that is in this repository. */
export interface LabCase {
  /** "solution", "variants/with-lua", "mistakes/no-expiry" */
  name: string;
  entry: string;
}

/**
 * All of a lab: its solution, its variants and its mistakes.
 * @param written where the files of mistakes are written to
 * @param file the lab's entry, in each of their folders
 */
export async function labCases(lab: string, written: string, file = storeFile): Promise<LabCase[]> {
  const variants = (await readdir(join(lab, 'variants'))).toSorted();
  const mistakes = (await readdir(join(lab, 'mistakes'))).toSorted();
  const solution = await readFiles(join(lab, 'solution'));
  return [
    { name: 'solution', entry: join(lab, 'solution', file) },
    ...variants.map((name) => ({
      name: `variants/${basename(name, '.ts')}`,
      entry: join(lab, 'variants', extname(name) ? name : join(name, file)),
    })),
    ...(await Promise.all(
      mistakes.map(async (mistake) => {
        const { default: wrong } = (await import(join(lab, 'mistakes', mistake))) as { default: Mistake };
        const name = `mistakes/${basename(mistake, '.ts')}`;
        const folder = join(written, basename(lab), name);
        await mkdir(folder, { recursive: true });
        for (const [path, text] of Object.entries(applyChanges(solution, wrong.change))) {
          await writeFile(join(folder, path), text);
        }
        return { name, entry: join(folder, file) };
      }),
    )),
  ];
}
