import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '@workshop/lab-kit';
import { labFolders } from '../../folders.ts';
import { labsRoot } from './timing.ts';

export interface BenchLab {
  lab: Lab;
  root: string;
}

export async function allLabs(): Promise<BenchLab[]> {
  const roots = (await labFolders(labsRoot)).map((folder) => join(labsRoot, folder));
  return await Promise.all(
    roots
      .filter((root) => existsSync(join(root, 'checks.ts')))
      .map(async (root) => {
        const { default: lab } = (await import(join(root, 'checks.ts'))) as { default: Lab };
        return { lab, root };
      }),
  );
}
