import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SolutionLines } from '../lab.ts';

export interface FoundLines {
  /** Counted from 1. */
  first: number;
  lines: string[];
}

/** @returns undefined when the solution has no such file, or no such lines in it */
export async function findSolutionLines(
  solution: string,
  { file, from, to }: SolutionLines,
): Promise<FoundLines | undefined> {
  const source = await readFile(join(solution, file), 'utf8').catch(() => undefined);
  const all = source?.split('\n') ?? [];
  const start = all.findIndex((line) => line.includes(from));
  if (start === -1) return undefined;
  const length = all.slice(start).findIndex((line) => line.includes(to));
  return length === -1 ? undefined : { first: start + 1, lines: all.slice(start, start + length + 1) };
}
