import path from 'node:path';
import type { Daemon } from './daemon.ts';
import { writePrivateFile } from './private-file.ts';
import { probeRedis } from './probe.ts';
import type { ServerProgram } from './server-program.ts';

/** `redis://:password@127.0.0.1:port/0` */
export function redisUrl(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}/0`;
}

export interface RedisPlace {
  /** For the names of its files: `redis`, `cluster-3`. */
  name: string;
  folder: string;
  dataDir: string;
  port: number;
  password: string;
}

/**
 * The server as we run it. All is in a 0600 file, since a password among the arguments can be read by every user
 * of the machine. `extra` adds to that file, or has the last word on what is in it.
 */
export async function redisDaemon(
  { name, folder, dataDir, port, password }: RedisPlace,
  server: ServerProgram,
  extra: Record<string, string> = {},
): Promise<Daemon> {
  const configFile = path.join(folder, `${name}.conf`);
  const directives = {
    bind: '127.0.0.1',
    port: String(port),
    requirepass: password,
    dir: quote(dataDir),
    pidfile: quote(path.join(folder, `${name}.pid`)),
    daemonize: 'no',
    // A lab that is checked takes three of them.
    databases: '64',
    // A cache, so nothing is logged for replay; but a stop saves, and a crash costs a minute.
    appendonly: 'no',
    save: '60 1',
    // A disk that is full must not make a cache refuse writes.
    'stop-writes-on-bgsave-error': 'no',
    maxmemory: '256mb',
    'maxmemory-policy': 'allkeys-lru',
    ...extra,
  };
  const lines = Object.entries(directives).map(([directive, value]) => `${directive} ${value}\n`);
  await writePrivateFile(configFile, lines.join(''));
  return {
    title: `${server.brand} ${server.version}`,
    command: server.file,
    args: [configFile],
    cwd: dataDir,
    logFile: path.join(folder, `${name}.log`),
    probe: () => probeRedis(redisUrl(port, password), { timeoutMs: 5_000 }),
  };
}

/** redis.conf takes a word with spaces in double quotes, with C's escapes. */
function quote(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
