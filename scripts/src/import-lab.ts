import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Lab } from '@workshop/lab-kit';
import { compileProgram, isGiving, loadCompiled } from '@workshop/lab-kit/compile';
import { givenToLabs } from './give-to-labs.ts';

/** The checks in a lab's folder: by path, since nothing imports the labs. */
export async function importLab(folder: string): Promise<Lab> {
  const checks = isGiving() ? await compiledChecks(folder) : await import(urlOf(folder));
  return (checks as { default: Lab }).default;
}

const urlOf = (folder: string): string => pathToFileURL(join(folder, 'checks.ts')).href;

/** This command is compiled: then what it loads has to be. */
async function compiledChecks(folder: string): Promise<unknown> {
  const source = `export { default } from './checks.ts';`;
  const file = await compileProgram({ name: basename(folder), source, folder, given: givenToLabs });
  return loadCompiled(file);
}
