import type { EngineError } from './engine-error.ts';
import type { EngineContext } from './engine-context.ts';
import { withEngines } from './open-context.ts';
import { peekPassword } from './password.ts';
import type { Run } from './run-command.ts';

export interface FindOptions {
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Where to look. @default `PATH` and the system's usual folders */
  folders?: readonly string[];
  /** How commands are run. @default as child processes */
  run?: Run;
  /** Takes one plain line for each step of an installation. @default nothing is said */
  onProgress?: (line: string) => void;
}

export interface Sought {
  /** The program, where it is on this machine. */
  readonly look: () => Promise<string | undefined>;
  /** @returns why it may not be installed, or cannot; undefined once it is done */
  readonly install: (context: EngineContext) => Promise<string | undefined>;
  /** @param why undefined when it was installed and still is not found */
  readonly missing: (why: string | undefined) => EngineError;
}

/**
 * A program that is on this machine, else one that the package manager installs now.
 *
 * @throws what `missing` makes
 */
export async function findOrInstall(
  { look, install, missing }: Sought,
  { env, run, onProgress }: Pick<FindOptions, 'env' | 'run' | 'onProgress'>,
): Promise<string> {
  const found = await look();
  if (found !== undefined) return found;
  // Under the engines' lock, so that of two test files one installs, and the other then finds it.
  return withEngines(
    { ...(env && { env }), ...(run && { run }), ...(onProgress && { onProgress }) },
    async (context) => {
      const meanwhile = await look();
      if (meanwhile !== undefined) return meanwhile;
      const why = await install(context);
      if (why !== undefined) throw missing(why);
      const installed = await look();
      if (installed !== undefined) return installed;
      throw missing(undefined);
    },
    peekPassword,
  );
}
