import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';

/** The engines that run on this machine, as `npm start` and `pnpm services:up` make them. */
export interface LocalEngines {
  readonly mysqlUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
}

const engine = z.object({ source: z.enum(['native', 'docker']), port: z.int().positive() });
/** `engines.json`, as packages/engines writes it: a test holds the two together. */
const records = z.object({
  version: z.literal(1),
  engines: z.object({ mysql: engine.optional(), redis: engine.optional() }),
});

/** Both kinds of engine have a database of this name; a MySQL in a container has no user but root. */
const DATABASE = 'workshop';
const USERS = { native: 'workshop', docker: 'root' };

/**
 * Reads what `npm start` left in the state folder: where the engines listen, and their password, which only this user may read.
 * Nothing there, or something of another version, is as if no engine ran. Throws `ConfigError` for a file that may not be read.
 *
 * @param stateDir `WORKSHOP_STATE`; by default `.workshop` in the repository, if this file stands in one.
 */
export async function readStateFile(stateDir = defaultStateDir()): Promise<LocalEngines> {
  if (stateDir === undefined) return {};
  const folder = path.resolve(stateDir, 'engines');
  const parsed = records.safeParse(parseJson(await readIfThere(path.join(folder, 'engines.json'))));
  const password = (await readIfThere(path.join(folder, 'password')))?.trim();
  if (!parsed.success || !password) return {};
  const { mysql, redis } = parsed.data.engines;
  const secret = encodeURIComponent(password);
  return {
    mysqlUrl: mysql && `mysql://${USERS[mysql.source]}:${secret}@127.0.0.1:${mysql.port}/${DATABASE}`,
    redisUrl: redis && `redis://:${secret}@127.0.0.1:${redis.port}/0`,
  };
}

/** The bundle that runs on a server stands in no repository. */
function defaultStateDir(): string | undefined {
  const here = fileURLToPath(import.meta.url);
  const root = path.resolve(here, '../../../../..');
  return path.relative(root, here) === path.join('packages', 'web', 'src', 'config', 'state-file.ts')
    ? path.join(root, '.workshop')
    : undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const problem = `names a folder whose ${path.basename(file)} cannot be read (${code}: ${file}). Was it made by another user? Set MYSQL_URL and REDIS_URL to do without it`;
    throw new ConfigError([{ variable: 'WORKSHOP_STATE', problem }]);
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
