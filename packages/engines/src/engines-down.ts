import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { composeCommand, dockerTrouble, forgetDockerPorts, readDockerPorts } from './docker-engines.ts';
import type { EngineContext } from './engine-context.ts';
import { EngineError } from './engine-error.ts';
import { stopNative } from './native-engine.ts';
import { allPlaces, recordAt } from './native-places.ts';
import { withEngines, type EngineOptions } from './open-context.ts';
import { peekPassword } from './password.ts';
import { isRunning } from './process-identity.ts';
import { reasonOf, runWithBeats } from './run-with-beats.ts';

export interface StoppedEngine {
  /** `mysql`, `redis`, `cluster-1` …; for Docker `mysql`, `redis`, `cluster`. */
  name: string;
  /** "MariaDB 10.11.19" */
  title: string;
  /** What Docker runs has no process of ours. */
  pid?: number;
}

/**
 * Stops the engines that we started, and nothing else; their data stays. Servers given by URL are not ours to stop.
 *
 * @throws {EngineError}
 */
export async function enginesDown(options: EngineOptions = {}): Promise<StoppedEngine[]> {
  return withEngines(options, stopAll, peekPassword);
}

/**
 * Stops the engines that we started, and deletes their data and passwords for good.
 *
 * @returns what was deleted: paths, and what Docker kept.
 */
export async function enginesReset(options: EngineOptions = {}): Promise<string[]> {
  return withEngines(options, deleteAll, peekPassword);
}

async function deleteAll(context: EngineContext): Promise<string[]> {
  await stopAll(context);
  const deleted: string[] = [];
  const ports = await readDockerPorts(context.folder);
  if (Object.keys(ports).length > 0) {
    await compose(['down', '--volumes'], context);
    await forgetDockerPorts(context.folder);
    deleted.push('the volumes in Docker');
  }
  // All but the lock, which is held while we are here, and what we have not put there.
  for (const name of ['mysql', 'redis', 'cluster', 'engines.json', 'engines.json.unreadable', 'password']) {
    const entry = path.join(context.folder, name);
    if (!existsSync(entry)) continue;
    await rm(entry, { recursive: true });
    deleted.push(entry);
  }
  return deleted;
}

async function stopAll(context: EngineContext): Promise<StoppedEngine[]> {
  const running = await Promise.all(
    allPlaces(context.folder).map(async (place) => ({
      place,
      record: await recordAt(place, context.records, context),
    })),
  );
  const stopped: StoppedEngine[] = [];
  await Promise.all(
    running.map(async ({ place: { name }, record }) => {
      if (record?.source !== 'native') return;
      const { pid } = record.process;
      if (await isRunning(record.process)) context.progress(`Stopping ${record.title} (${name}, pid ${pid})`);
      if (await stopNative(name, record, context)) stopped.push({ name, title: record.title, pid });
    }),
  );
  const inDocker = context.records.names.filter((name) => context.records.get(name)?.source === 'docker');
  if (inDocker.length > 0) {
    context.progress('Stopping the containers');
    await compose(['down'], context);
    for (const name of inDocker) {
      stopped.push({ name, title: context.records.get(name)!.title });
      await context.records.remove(name);
    }
  }
  return stopped.toSorted((a, b) => a.name.localeCompare(b.name));
}

async function compose(words: readonly string[], context: EngineContext): Promise<void> {
  const trouble = await dockerTrouble(context);
  if (trouble)
    throw new EngineError(
      'docker',
      `The engines run in Docker, and ${trouble}. Start Docker, then try again.`,
    );
  const { command, args, env } = composeCommand(context, await readDockerPorts(context.folder), words);
  const result = await runWithBeats(command, args, context, env);
  if (result.code !== 0)
    throw new EngineError('docker', `'docker compose ${words.join(' ')}' failed: ${reasonOf(result)}.`);
}
