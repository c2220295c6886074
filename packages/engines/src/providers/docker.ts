import { setTimeout as delay } from 'node:timers/promises';
import { ensureCluster } from '../cluster-formation.ts';
import {
  composeCommand,
  dockerTrouble,
  dockerUrl,
  probeDocker,
  readDockerPorts,
  writeDockerPorts,
} from '../docker-engines.ts';
import type { EngineContext, EngineKind } from '../engine-context.ts';
import { EngineError } from '../engine-error.ts';
import { CLUSTER_SIZE } from '../native-places.ts';
import { allFree, findFreePorts } from '../ports.ts';
import { ProbeError, type ServerFacts } from '../probe.ts';
import { reasonOf, runWithBeats } from '../run-with-beats.ts';
import type { Outcome, Provider } from './provider.ts';

const NAMES = { mysql: 'MySQL', redis: 'Valkey', cluster: 'a Valkey cluster' };
const READY_LIMIT_MS = 60_000;

/** MySQL 8.4 and Valkey 8 as `compose.yaml` has them, on a Docker engine that answers. */
export const dockerProvider: Provider = {
  async up(wanted, context) {
    const why =
      context.settings.source === 'native'
        ? 'WORKSHOP_ENGINES=native leaves out Docker'
        : await dockerTrouble(context);
    if (why) return wanted.map((kind) => ({ kind, why }));
    const serving = new Set<EngineKind>();
    const known = await readDockerPorts(context.folder);
    for (const kind of wanted) {
      const port = known[kind];
      if (port !== undefined && (await answers(kind, port, context))) serving.add(kind);
    }
    const down = wanted.filter((kind) => !serving.has(kind));
    const ports = down.length > 0 ? await startContainers(down, context) : known;
    const outcomes: Outcome[] = [];
    for (const kind of wanted) outcomes.push({ kind, engine: await describe(kind, ports[kind]!, context) });
    return outcomes;
  },
};

async function answers(kind: EngineKind, port: number, { password }: EngineContext): Promise<boolean> {
  return probeDocker(kind, port, password).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ProbeError) return false;
      throw error;
    },
  );
}

async function startContainers(kinds: readonly EngineKind[], context: EngineContext) {
  const { folder, progress } = context;
  for (let attemptsLeft = 3; ; attemptsLeft -= 1) {
    const ports = { ...(await readDockerPorts(folder)) };
    for (const kind of kinds) ports[kind] = await portFor(kind, ports[kind]);
    await writeDockerPorts(folder, ports);
    progress(
      `Starting ${kinds.map((kind) => NAMES[kind]).join(' and ')} with Docker (the first time, this fetches the images)`,
    );
    const { command, args, env } = composeCommand(context, ports, ['up', '--detach', '--wait', ...kinds]);
    const result = await runWithBeats(command, args, context, env);
    if (result.code === 0) return ports;
    const output = result.stdout + result.stderr;
    if (
      /port is already allocated|address already in use|ports are not available/i.test(output) &&
      attemptsLeft > 0
    )
      continue;
    const full = /no space left/i.test(output);
    throw new EngineError(
      full ? 'disk-full' : 'docker',
      `Docker could not start ${kinds.map((kind) => NAMES[kind]).join(' and ')}: ${reasonOf(result)} - ` +
        (full
          ? "make room on Docker's disk ('docker system df' shows what takes it), then try again."
          : "'pnpm services:logs' shows more."),
    );
  }
}

async function portFor(kind: EngineKind, kept: number | undefined): Promise<number> {
  const count = kind === 'cluster' ? CLUSTER_SIZE : 1;
  return kept !== undefined && (await allFree(kept, count, false)) ? kept : findFreePorts(count);
}

async function describe(kind: EngineKind, port: number, context: EngineContext) {
  const { password, records, progress } = context;
  const facts = await waitUntilReached(kind, port, password);
  await records.set(kind, { source: 'docker', title: facts.title, port });
  const engine = { ...facts, source: 'docker' as const, url: dockerUrl(kind, port, password) };
  if (kind !== 'cluster') return engine;
  const nodePorts = Array.from({ length: CLUSTER_SIZE }, (_, index) => port + index);
  await ensureCluster({ ports: nodePorts, password }, progress);
  return { ...engine, nodePorts };
}

async function waitUntilReached(kind: EngineKind, port: number, password: string): Promise<ServerFacts> {
  const giveUpAt = performance.now() + READY_LIMIT_MS;
  for (;;) {
    try {
      return await probeDocker(kind, port, password);
    } catch (error) {
      if (!(error instanceof ProbeError)) throw error;
      if (error.trouble === 'denied') {
        throw new EngineError(
          'access-denied',
          `The ${NAMES[kind]} volume in Docker was made with another password. Delete it with 'pnpm services:reset', then try again.`,
          { cause: error },
        );
      }
      if (performance.now() > giveUpAt) {
        throw new EngineError(
          'docker',
          `Docker runs ${NAMES[kind]}, but 127.0.0.1:${port} does not reach it. Is Docker on another machine? Then set MYSQL_URL and REDIS_URL.`,
          { cause: error },
        );
      }
      await delay(100);
    }
  }
}
