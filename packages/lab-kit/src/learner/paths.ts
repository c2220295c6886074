import { join } from 'node:path';
import type { Lab } from '../lab.ts';

/** The one file that a learner edits, in `starter/`, `work/` and `solution/` alike. */
export const storeFile = 'article-store.ts';

/** The folders of one lab. */
export interface LabFolders {
  root: string;
  guide: string;
  starter: string;
  work: string;
  solution: string;
}

/** @param labsRoot the folder that holds the labs */
export function labFolders(labsRoot: string, lab: Pick<Lab, 'id' | 'name'>): LabFolders {
  const root = join(labsRoot, `${lab.id}-${lab.name}`);
  return {
    root,
    guide: join(root, 'README.md'),
    starter: join(root, 'starter'),
    work: join(root, 'work'),
    solution: join(root, 'solution'),
  };
}
