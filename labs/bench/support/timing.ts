import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const labsRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const root = dirname(labsRoot);
const tsx = createRequire(join(root, 'scripts/package.json')).resolve('tsx/cli');

/** Runs Node with these arguments. @returns from its start to its end, ms @throws when it fails */
async function timeNode(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with exit code ${code}`);
  return performance.now() - startedAt;
}

/** `pnpm lab:verify` of the reference solution: of one lab, or of all. */
export const timeVerify = async (...lab: string[]): Promise<number> =>
  await timeNode([join(root, 'scripts/run.mjs'), 'lab', 'verify', ...lab, '--solution']);

/**
 * How many times as long as tsx takes for an empty file: each round measures both, one after the other, and the medians of
 * the rounds count, so that a moment's load on the machine does not.
 */
export async function overTsx(rounds: number, measure: () => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'workshop-bench-'));
  const empty = join(folder, 'empty.ts');
  await writeFile(empty, '');
  try {
    // What is compiled or cached once is not what is measured.
    await timeNode([tsx, empty]);
    await measure();
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(await timeNode([tsx, empty]));
      ours.push(await measure());
    }
    return median(ours) / median(theirs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}
