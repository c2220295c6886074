import { homedir } from 'node:os';
import path from 'node:path';
import { EngineError } from '../engine-error.ts';
import { findOrInstall, type FindOptions } from '../find-or-install.ts';
import { findPrograms, USUAL_FOLDERS } from '../find-program.ts';
import { install } from '../package-managers/install.ts';
import { runCommand, type Run } from '../run-command.ts';
import { readSettings, type Settings } from '../settings.ts';

export interface FindChromiumOptions extends Omit<FindOptions, 'folders'> {
  /** Where to look. @default `PATH`, the system's usual folders, and those of macOS's applications */
  folders?: readonly string[];
}

// The last two are what the programs inside macOS's applications are called.
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'Chromium',
  'Google Chrome',
];

const APPLICATIONS = ['/Applications', path.join(homedir(), 'Applications')].flatMap((folder) => [
  path.join(folder, 'Google Chrome.app/Contents/MacOS'),
  path.join(folder, 'Chromium.app/Contents/MacOS'),
]);

/**
 * The program of a Chromium or Chrome on this machine: the one that `CHROMIUM` names, else one that is installed, else one
 * that the package manager installs now.
 *
 * @throws {EngineError} code `settings` when `CHROMIUM` is wrong, `no-engine` when none may be installed or can be.
 */
export async function findChromium(options: FindChromiumOptions = {}): Promise<string> {
  const { env = process.env, folders, run = runCommand } = options;
  const settings = readSettings(env);
  if (settings.chromium !== undefined) return given(settings.chromium, settings, run);
  const where = folders ?? [...settings.searchPath, ...USUAL_FOLDERS, ...APPLICATIONS];
  return findOrInstall(
    {
      look: () => firstThatRuns(where, settings, run),
      install: (context) => install(['browser'], context).catch(messageOf),
      missing: noBrowser,
    },
    options,
  );
}

async function given(file: string, settings: Settings, run: Run): Promise<string> {
  if (await runs(file, settings, run)) return file;
  throw new EngineError(
    'settings',
    `CHROMIUM is ${file}, which does not answer to --version as a Chromium or Chrome does. Correct it or unset it.`,
  );
}

async function firstThatRuns(
  folders: readonly string[],
  settings: Settings,
  run: Run,
): Promise<string | undefined> {
  for (const file of await findPrograms(NAMES, folders)) {
    if (await runs(file, settings, run)) return file;
  }
  return undefined;
}

/** Ubuntu has a program of that name which only says how to install the browser, and fails. */
async function runs(file: string, { childEnv }: Settings, run: Run): Promise<boolean> {
  const { code, stdout } = await run(file, ['--version'], { timeoutMs: 20_000, env: childEnv });
  return code === 0 && /\bChrom(e|ium)\b/.test(stdout);
}

/** Ubuntu's apt-get has no Chromium, so what it says is followed by what to do. */
function messageOf(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  throw error;
}

const noBrowser = (why = 'the package manager has installed one, but it does not run') =>
  new EngineError(
    'no-engine',
    `Tests of pages need a Chromium or Chrome on this machine, and there is none: ${why}. If you have one elsewhere, set CHROMIUM to its program.`,
  );
