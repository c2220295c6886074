import { EngineError } from '../engine-error.ts';
import { findOrInstall, type FindOptions } from '../find-or-install.ts';
import { findPrograms, USUAL_FOLDERS } from '../find-program.ts';
import { install } from '../package-managers/install.ts';
import type { Tool } from '../package-managers/package-manager.ts';
import { readSettings } from '../settings.ts';

export type FindToolOptions = FindOptions;

/**
 * A program that a test needs: one that is on this machine, else one that the package manager installs now.
 *
 * @throws {EngineError} code `no-engine` when it may not be installed or cannot be.
 */
export async function findTool(tool: Tool, options: FindToolOptions = {}): Promise<string> {
  const { env = process.env, folders } = options;
  const where = folders ?? [...readSettings(env).searchPath, ...USUAL_FOLDERS];
  return findOrInstall(
    {
      look: async () => (await findPrograms([tool], where))[0],
      install: (context) => install([tool], context),
      missing: (why = 'the package manager says that it has installed it') =>
        new EngineError('no-engine', `A test needs ${tool} on this machine, and it is not there: ${why}.`),
    },
    options,
  );
}
