import { readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { EngineContext } from './engine-context.ts';
import { findPrograms, USUAL_FOLDERS } from './find-program.ts';

export type Brand = 'MySQL' | 'MariaDB' | 'Redis' | 'Valkey';

/** A server that is installed here. */
export interface ServerProgram {
  file: string;
  brand: Brand;
  version: string;
}

const NAMES = {
  // MySQL's own server first: it is what the workshop is about, and what RDS runs.
  mysql: ['mysqld', 'mariadbd'],
  redis: ['redis-server', 'valkey-server'],
} as const;

/**
 * The servers installed here for one store, the one to prefer first: what is on PATH before the system's usual folders.
 * `made` prefers the brand that made the data that is already there.
 */
export async function findServers(
  store: keyof typeof NAMES,
  { settings, run }: Pick<EngineContext, 'settings' | 'run'>,
  made?: { brand: Brand },
  folders: readonly string[] = [...settings.searchPath, ...USUAL_FOLDERS],
): Promise<ServerProgram[]> {
  const servers: ServerProgram[] = [];
  for (const file of await findPrograms(NAMES[store], folders)) {
    if (store === 'mysql' && (await isConfined(file))) continue;
    // `--no-defaults` must come first; without it a broken my.cnf of the user's would end even this.
    const args = store === 'mysql' ? ['--no-defaults', '--version'] : ['--version'];
    const answer = await run(file, args, { timeoutMs: 20_000, env: settings.childEnv });
    const server = answer.code === 0 && parseVersion(answer.stdout);
    if (server) servers.push({ file, ...server });
  }
  const preference = ({ brand }: ServerProgram) => (brand === made?.brand ? 0 : brand === 'MariaDB' ? 2 : 1);
  return servers.toSorted((a, b) => preference(a) - preference(b));
}

export function parseVersion(line: string): Omit<ServerProgram, 'file'> | undefined {
  const mysql = /\bVer (\d+\.\d+\.\d+)/.exec(line)?.[1];
  if (mysql) return { brand: line.includes('MariaDB') ? 'MariaDB' : 'MySQL', version: mysql };
  const redis = /^(?:Redis|Valkey) server v=(\d+\.\d+\.\d+)/m.exec(line);
  return redis?.[1]
    ? { brand: redis[0].startsWith('Valkey') ? 'Valkey' : 'Redis', version: redis[1] }
    : undefined;
}

/**
 * Ubuntu's mysql-server comes with an AppArmor profile that keeps mysqld out of every folder but its package's own, so it
 * cannot run on a private one. The profile is by path: only this file is meant. (Debian's mariadb-server comes with a
 * profile that is all comment, which confines nothing.)
 */
async function isConfined(file: string): Promise<boolean> {
  const name = file.slice(1).replaceAll('/', '.');
  const [enabled, profile, disabled] = await Promise.all([
    readFile('/sys/module/apparmor/parameters/enabled', 'utf8').catch(() => 'N'),
    readFile(path.join('/etc/apparmor.d', name), 'utf8').catch(() => ''),
    readlink(path.join('/etc/apparmor.d/disable', name)).catch(() => undefined),
  ]);
  return enabled.startsWith('Y') && disabled === undefined && /^[^#\n]*\{/m.test(profile);
}
