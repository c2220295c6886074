import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CheckFailed } from '@workshop/lab-kit';
import { applyChanges, type Change } from '../../change.ts';
import { readFiles } from '../../folders.ts';
import { stackChecks } from '../checks.ts';
import { open } from '../harness.ts';

export const labFolder = fileURLToPath(new URL('..', import.meta.url));
const written = join(labFolder, '..', '.checked', `deploy-${process.pid}`);
let count = 0;

/** The first check that the solution fails once it is changed, and what that saw; undefined when it passes them all. */
export async function firstFailure(
  changes: readonly Change[],
): Promise<{ id: string; observed: string } | undefined> {
  const folder = join(written, String(count++));
  await mkdir(folder, { recursive: true });
  const files = applyChanges(await readFiles(join(labFolder, 'solution')), changes);
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, name), source);
  const store = await open(pathToFileURL(join(folder, 'workshop-stack.ts')).href);
  for (const check of stackChecks) {
    try {
      await check.run({ store });
    } catch (error) {
      if (!(error instanceof CheckFailed)) throw error;
      return { id: check.id, observed: error.message };
    }
  }
  return undefined;
}

export async function removeChanged(): Promise<void> {
  await rm(written, { recursive: true, force: true });
}

/** A line more among the imports. */
export const imports = (line: string): Change => [
  "import type { Construct } from 'constructs';",
  `${line}\nimport type { Construct } from 'constructs';`,
];

/** Lines more in the constructor, before the outputs. */
export const atTheEnd = (code: string): Change => {
  const outputs = "    // CloudFormation's own name of an output";
  return [outputs, `${code}\n${outputs}`];
};
