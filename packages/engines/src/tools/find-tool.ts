import { EngineError } from '../engine-error.ts';
import { findPrograms, USUAL_FOLDERS } from '../find-program.ts';
import { withEngines } from '../open-context.ts';
import { install } from '../package-managers/install.ts';
import type { Tool } from '../package-managers/package-manager.ts';
import { peekPassword } from '../password.ts';
import { runCommand, type Run } from '../run-command.ts';
import { readSettings } from '../settings.ts';

export interface FindToolOptions {
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Where to look. @default `PATH` and the system's usual folders */
  folders?: readonly string[];
  /** How commands are run. @default as child processes */
  run?: Run;
  /** Takes one plain line for each step of an installation. @default nothing is said */
  onProgress?: (line: string) => void;
}

/**
 * A program that a test needs: one that is on this machine, else one that the package manager installs now.
 *
 * @throws {EngineError} code `no-engine` when it may not be installed or cannot be.
 */
export async function findTool(
  tool: Tool,
  { env = process.env, folders, run = runCommand, onProgress }: FindToolOptions = {},
): Promise<string> {
  const where = folders ?? [...readSettings(env).searchPath, ...USUAL_FOLDERS];
  const look = async () => (await findPrograms([tool], where))[0];
  const found = await look();
  if (found !== undefined) return found;
  // Under the engines' lock, so that of two test files one installs, and the other then finds it.
  return withEngines(
    { env, run, ...(onProgress && { onProgress }) },
    async (context) => {
      const meanwhile = await look();
      if (meanwhile !== undefined) return meanwhile;
      const why = await install([tool], context);
      const installed = why === undefined ? await look() : undefined;
      if (installed !== undefined) return installed;
      throw new EngineError(
        'no-engine',
        `A test needs ${tool} on this machine, and it is not there: ${why ?? 'the package manager says that it has installed it'}.`,
      );
    },
    peekPassword,
  );
}
