import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from '../engine-error.ts';
import { enginesReset } from '../engines-down.ts';
import { withEngines } from '../open-context.ts';
import { packagesProvider } from '../providers/packages.ts';
import { runCommand, type Run } from '../run-command.ts';
import { findServers, type ServerProgram } from '../server-program.ts';
import { readSettings } from '../settings.ts';

export interface FindOptions {
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Where to look. @default `PATH` and the system's usual folders */
  folders?: readonly string[];
  /** How commands are run. @default as child processes */
  run?: Run;
}

/**
 * The Redis or Valkey server of this machine, installed by its package manager if there is none. A container, or a server whose URL was
 * given, will not do: a test could neither send it signals nor may it fill it.
 *
 * @throws {EngineError} code `no-engine`, saying what there is to do.
 */
export async function findThrowawayServer({
  env = process.env,
  folders,
  run = runCommand,
}: FindOptions = {}): Promise<ServerProgram> {
  const settings = readSettings(env);
  const look = async () => (await findServers('redis', { settings, run }, undefined, folders))[0];
  const found = await look();
  if (found) return found;
  // Under the engines' lock, so that of two test files one installs, and the other then finds it.
  return withEngines({ env, run }, async () => {
    const server = (await look()) ?? (await install(env, run), await look());
    if (server) return server;
    throw noServer('the package manager has installed one, but it is not to be found');
  });
}

/** The server of this machine as it is: undefined where there is none, or where `WORKSHOP_ENGINES` leaves it out. Installs nothing. */
export async function findInstalledServer({
  env = process.env,
  folders,
  run = runCommand,
}: FindOptions = {}): Promise<ServerProgram | undefined> {
  const settings = readSettings(env);
  if (settings.source === 'docker') return undefined;
  return (await findServers('redis', { settings, run }, undefined, folders))[0];
}

/** The provider installs and starts: what it starts lives in a folder of its own, and goes with it. */
async function install(env: NodeJS.ProcessEnv, run: Run): Promise<void> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'throwaway-install-'));
  const options = { env, run, stateDir };
  try {
    const [outcome] = await withEngines(options, (context) => packagesProvider.up(['redis'], context));
    if (outcome && 'why' in outcome) throw noServer(outcome.why);
  } finally {
    await enginesReset(options);
    await rm(stateDir, { recursive: true, force: true });
  }
}

const noServer = (why: string) =>
  new EngineError(
    'no-engine',
    `Tests that kill their Redis need redis-server or valkey-server on this machine itself, and there is none (Docker and REDIS_URL cannot stand in): ${why}.`,
  );
