import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { EngineContext, EngineKind } from './engine-context.ts';
import { mysqlUrl } from './native-mysql.ts';
import { CLUSTER_SIZE } from './native-places.ts';
import { redisUrl } from './native-redis.ts';
import { parseJson, readIfThere, writePrivateFile } from './private-file.ts';
import { probeMysql, probeRedis, type ServerFacts } from './probe.ts';
import { repositoryRoot } from './settings.ts';

const portsSchema = z.object({
  mysql: z.int().positive().optional(),
  redis: z.int().positive().optional(),
  /** The first of six. */
  cluster: z.int().positive().optional(),
});

/** The ports that our containers keep. That a kind has one says that its volume may exist. */
export type DockerPorts = z.infer<typeof portsSchema>;

const portsFile = (folder: string) => path.join(folder, 'docker.json');

export async function readDockerPorts(folder: string): Promise<DockerPorts> {
  const ports = portsSchema.safeParse(parseJson(await readIfThere(portsFile(folder))));
  return ports.success ? ports.data : {};
}

export async function writeDockerPorts(folder: string, ports: DockerPorts): Promise<void> {
  await writePrivateFile(portsFile(folder), `${JSON.stringify(ports)}\n`);
}

export async function forgetDockerPorts(folder: string): Promise<void> {
  await rm(portsFile(folder), { force: true });
}

type Docker = Pick<EngineContext, 'run' | 'settings' | 'folder' | 'password'>;

/** Why Docker cannot serve; undefined when it can. A client without an engine that answers does not count. */
export async function dockerTrouble({
  run,
  settings,
}: Pick<Docker, 'run' | 'settings'>): Promise<string | undefined> {
  const options = { timeoutMs: 15_000, env: settings.childEnv };
  const engine = await run('docker', ['version', '--format', '{{.Server.Version}}'], options);
  if (engine.code !== 0 || !/^\d/.test(engine.stdout.trim())) return 'no Docker engine answers';
  const compose = await run('docker', ['compose', 'version', '--short'], options);
  return compose.code === 0 ? undefined : 'Docker is here without its compose plugin';
}

/** A `docker compose` command on our own project, which no other state folder shares. */
export function composeCommand(
  { folder, settings, password }: Omit<Docker, 'run'>,
  ports: DockerPorts,
  args: readonly string[],
) {
  const project = `caching-workshop-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
  const { mysql, redis, cluster } = ports;
  // Even to stop a container, compose wants a value for each variable; the password's file may be lost.
  const secret = password || 'unknown';
  return {
    command: 'docker',
    args: [
      'compose',
      '--project-name',
      project,
      '--file',
      path.join(repositoryRoot, 'compose.yaml'),
      '--profile',
      'cluster',
      ...args,
    ],
    env: {
      ...settings.childEnv,
      WORKSHOP_MYSQL_PASSWORD: secret,
      WORKSHOP_REDIS_PASSWORD: secret,
      ...(mysql && { WORKSHOP_MYSQL_PORT: String(mysql) }),
      ...(redis && { WORKSHOP_REDIS_PORT: String(redis) }),
      ...(cluster && {
        WORKSHOP_CLUSTER_PORT: String(cluster),
        WORKSHOP_CLUSTER_PORTS: `${cluster}-${cluster + CLUSTER_SIZE - 1}`,
      }),
    },
  };
}

export function dockerUrl(kind: EngineKind, port: number, password: string): string {
  return kind === 'mysql' ? mysqlUrl(port, password, 'root') : redisUrl(port, password);
}

export function probeDocker(
  kind: EngineKind,
  port: number,
  password: string,
  timeoutMs = 5_000,
): Promise<ServerFacts> {
  return (kind === 'mysql' ? probeMysql : probeRedis)(dockerUrl(kind, port, password), { timeoutMs });
}
