import { composeCommand, dockerTrouble, dockerUrl, readDockerPorts } from './docker-engines.ts';
import type { EngineKind } from './engine-context.ts';
import type { EngineRecord } from './engine-records.ts';
import { readMark } from './data-folder.ts';
import { tailOf } from './log-diagnosis.ts';
import { allPlaces, recordAt, urlAt, type Place } from './native-places.ts';
import { viewEngines, type EngineOptions, type EngineView } from './open-context.ts';
import { probeMysql, ProbeError, probeRedis } from './probe.ts';
import { isRunning } from './process-identity.ts';
import { givenUrl, withoutPassword } from './providers/given.ts';
import type { EngineSource } from './providers/provider.ts';

/**
 * `running`: it answers. `not answering`: its process lives, or its URL was given, and it does not. `died`: we started it, and it
 * has ended without us. `stopped`: there is data and no server. `none`: it was never started here.
 */
export type EngineState = 'running' | 'not answering' | 'died' | 'stopped' | 'none';

export interface EngineStatus {
  /** `mysql`, `redis`, `cluster-1` … */
  name: string;
  state: EngineState;
  source?: EngineSource;
  /** "MariaDB 10.11.19" */
  title?: string;
  /** Without its password. */
  url?: string;
  pid?: number;
}

/** What is known of each engine: MySQL, Redis, and the cluster's nodes if there are any. Waits for nobody. */
export async function enginesStatus(options: EngineOptions = {}): Promise<EngineStatus[]> {
  const view = await viewEngines(options);
  const statuses = await Promise.all(allPlaces(view.folder).map((place) => statusAt(place, view)));
  return statuses.filter((status) => status.state !== 'none' || !status.name.startsWith('cluster-'));
}

// Our own engines are near; a given one may be far away.
const OWN_LIMIT_MS = 1_500;
const GIVEN_LIMIT_MS = 5_000;

async function statusAt(place: Place, view: EngineView): Promise<EngineStatus> {
  const { name, store } = place;
  const given = name === store ? givenUrl(store, view.settings) : undefined;
  if (given) return { name, source: 'given', ...(await ask(store, given, GIVEN_LIMIT_MS)) };
  const record = (await recordAt(place, view.records, view)) ?? dockerCluster(name, view);
  if (!record) {
    const mark = await readMark(place.dataDir);
    if (!mark) return { name, state: 'none' };
    return { name, state: 'stopped', source: 'native', title: `${mark.brand} ${mark.version}` };
  }
  const { source, title, port } = record;
  if (source === 'docker')
    return { name, source, title, ...(await ask(store, dockerUrl(store, port, view.password))) };
  const alive = await isRunning(record.process);
  const answer = await ask(store, urlAt(store, port, view));
  const pid = alive ? { pid: record.process.pid } : {};
  return { name, source, ...answer, title, state: alive ? answer.state : 'died', ...pid };
}

/** A cluster in Docker has one record, since it is one container. */
function dockerCluster(name: string, { records }: EngineView): EngineRecord | undefined {
  const record = records.get('cluster');
  const index = Number(/^cluster-(\d)$/.exec(name)?.[1]);
  return record && index > 0 ? { ...record, port: record.port + index - 1 } : undefined;
}

async function ask(
  store: EngineKind,
  url: string,
  timeoutMs = OWN_LIMIT_MS,
): Promise<Pick<EngineStatus, 'state' | 'url' | 'title'>> {
  const probe = store === 'mysql' ? probeMysql : probeRedis;
  try {
    const { title } = await probe(url, { timeoutMs });
    return { state: 'running', url: withoutPassword(url), title };
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    return { state: 'not answering', url: withoutPassword(url) };
  }
}

export interface EngineLog {
  name: string;
  /** A path, or the command that shows more. */
  from: string;
  /** Its last lines. */
  tail: string;
}

/** The end of each engine's log. Servers given by URL keep theirs. */
export async function enginesLogs(
  options: EngineOptions & { /** @default 20 */ lines?: number } = {},
): Promise<EngineLog[]> {
  const { lines = 20 } = options;
  const view = await viewEngines(options);
  const logs: EngineLog[] = [];
  for (const { name, logFile } of allPlaces(view.folder)) {
    const tail = await tailOf(logFile, lines);
    if (tail) logs.push({ name, from: logFile, tail });
  }
  const ports = await readDockerPorts(view.folder);
  if (Object.keys(ports).length > 0 && !(await dockerTrouble(view))) {
    const { command, args, env } = composeCommand(view, ports, [
      'logs',
      '--no-color',
      '--tail',
      String(lines),
    ]);
    const { stdout, stderr } = await view.run(command, args, { env, timeoutMs: 30_000 });
    logs.push({ name: 'docker', from: 'docker compose logs', tail: (stdout + stderr).trimEnd() });
  }
  return logs;
}
