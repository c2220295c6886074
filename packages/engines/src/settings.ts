import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EngineError } from './engine-error.ts';

/** Where the repository stands: this file is packages/engines/src/settings.ts in it. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));

const settingsSchema = z.object({
  MYSQL_URL: databaseUrl(['mysql:'], 'mysql://user:password@host:3306/database'),
  REDIS_URL: databaseUrl(['redis:', 'rediss:'], 'redis://:password@host:6379/0'),
  WORKSHOP_ENGINES: z
    .enum(['auto', 'native', 'docker'], { error: 'must be "auto", "native" or "docker"' })
    .default('auto'),
  WORKSHOP_INSTALL: z.enum(['auto', 'never'], { error: 'must be "auto" or "never"' }).default('auto'),
  WORKSHOP_STATE: z.string().optional(),
  CHROMIUM: z.string().optional(),
  PATH: z.string().default(''),
});

/** What the environment says about the engines. The environment is read here and nowhere else in this package. */
export interface Settings {
  mysqlUrl: string | undefined;
  redisUrl: string | undefined;
  /** Which kind of engine may be run: `native` and `docker` leave only that one. */
  source: 'auto' | 'native' | 'docker';
  install: 'auto' | 'never';
  /** The program of the browser that tests are to use. */
  chromium: string | undefined;
  stateDir: string;
  searchPath: string[];
  /** What a command that we run may see: no URL, and so no password, of ours. */
  childEnv: NodeJS.ProcessEnv;
}

/**
 * @throws {EngineError} code `settings`, naming the variable and never showing its value, which may hold a password.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  // An empty variable is how a shell and a CI file say "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = settingsSchema.safeParse(given);
  if (!result.success) {
    const { path: at, message } = result.error.issues[0]!;
    throw new EngineError('settings', `${String(at[0])} ${message}. Correct it or unset it.`);
  }
  const { MYSQL_URL, REDIS_URL, WORKSHOP_ENGINES, WORKSHOP_INSTALL, CHROMIUM, PATH } = result.data;
  const { MYSQL_URL: _mysql, REDIS_URL: _redis, ...childEnv } = env;
  return {
    mysqlUrl: MYSQL_URL,
    redisUrl: REDIS_URL,
    source: WORKSHOP_ENGINES,
    install: WORKSHOP_INSTALL,
    chromium: CHROMIUM,
    stateDir: stateDir(env),
    searchPath: PATH.split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    childEnv,
  };
}

/**
 * The folder that keeps what belongs to this machine and not to git: the engines' data, the learner's progress.
 * `WORKSHOP_STATE`, or `.workshop` at the root of the repository.
 */
export function stateDir(env: NodeJS.ProcessEnv = process.env): string {
  return env.WORKSHOP_STATE ? path.resolve(env.WORKSHOP_STATE) : path.join(repositoryRoot, '.workshop');
}

function databaseUrl(protocols: string[], form: string) {
  return z
    .string()
    .refine(
      (value) =>
        URL.canParse(value) && protocols.includes(new URL(value).protocol) && new URL(value).hostname !== '',
      {
        error: `is not a URL of the form ${form}`,
      },
    )
    .optional();
}
