import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyChanges, type Files } from './change.ts';
import type { Gaps } from './gaps.ts';

/** "01-direct-mysql", ... in order. */
export async function labFolders(labsRoot: string): Promise<string[]> {
  return (await readdir(labsRoot)).filter((name) => /^\d\d-/.test(name)).toSorted();
}

/** Every file of a solution, a starter or a variant. */
export async function readFiles(folder: string): Promise<Files> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])),
  );
}

/** The starter as the solution before and `gaps.ts` make it; undefined for the first lab, which has nothing before it. */
export async function starterFiles(labsRoot: string, folder: string): Promise<Files | undefined> {
  const folders = await labFolders(labsRoot);
  const last = folders[folders.indexOf(folder) - 1];
  if (last === undefined) return undefined;
  const { default: gaps } = (await import(join(labsRoot, folder, 'gaps.ts'))) as { default: Gaps };
  const before = gaps.after ?? last;
  const solution = await readFiles(join(labsRoot, before, 'solution'));
  const written = await readFiles(join(labsRoot, folder, 'starter'));
  const added = (gaps.added ?? []).map((name) => [name, written[name] ?? ''] as const);
  return { ...applyChanges(solution, gaps.change), ...Object.fromEntries(added) };
}
