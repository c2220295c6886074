import { findPrograms, USUAL_FOLDERS } from '../find-program.ts';
import { aptGet } from './apt-get.ts';
import { brew } from './brew.ts';
import { dnf } from './dnf.ts';
import type { PackageManager } from './package-manager.ts';

/** The first that is here of apt-get, dnf and brew. */
export async function findPackageManager(
  searchPath: readonly string[],
  usualFolders: readonly string[] = USUAL_FOLDERS,
): Promise<PackageManager | undefined> {
  for (const manager of [aptGet, dnf, brew]) {
    if ((await findPrograms([manager.program], [...searchPath, ...usualFolders])).length > 0) return manager;
  }
  return undefined;
}
