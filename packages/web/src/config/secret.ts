import { z } from 'zod';
import { secretText } from './aws.ts';
import { StackError } from './stack-error.ts';

/** A user and a password. Kept in memory only; never to be logged. */
export interface Credentials {
  /** '' is Redis's default user. */
  readonly user: string;
  readonly password: string;
}

/** Credentials that may change while the demo runs, and where to ask for them. */
export interface Secret {
  /** Its name or ARN, which may be shown. */
  readonly name: string;
  /** Asks for them as they are now. Rejects with `StackError`. */
  readonly read: () => Promise<Credentials>;
}

/** What RDS keeps in a secret. One that RDS itself rotates holds only the credentials. */
export interface MysqlSecretContent {
  readonly credentials: Credentials;
  readonly port: number | undefined;
  readonly database: string | undefined;
}

const filled = z.string().min(1);
const mysqlContent = z.object({
  username: filled,
  password: filled,
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  dbname: filled.optional(),
});
const redisContent = z.object({ username: z.string().default(''), password: filled });

/** The secret of an RDS database: `{"username": …, "password": …, "port": …, "dbname": …}`. Throws `StackError`. */
export async function readMysqlSecret(name: string, limitMs?: number): Promise<MysqlSecretContent> {
  const { username, password, port, dbname } = parseSecret(
    name,
    await secretText(name, limitMs),
    mysqlContent,
  );
  return { credentials: { user: username, password }, port, database: dbname };
}

/** The secret of a cache: `{"password": …}`, with a `username` for a user of its own. Throws `StackError`. */
export async function readRedisSecret(name: string, limitMs?: number): Promise<Credentials> {
  const { username, password } = parseSecret(name, await secretText(name, limitMs), redisContent);
  return { user: username, password };
}

/** Names the fields that are wrong and shows none of what was read. */
function parseSecret<T extends z.ZodType>(name: string, text: string, schema: T): z.output<T> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new StackError('bad-secret', `The secret ${name} is not JSON. ${WANTED}`);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const fields = new Set(parsed.error.issues.map(({ path }) => path.join('.')).filter(Boolean));
  const wrong = fields.size === 0 ? 'is not a JSON object' : `lacks a usable ${[...fields].join(' and ')}`;
  throw new StackError('bad-secret', `The secret ${name} ${wrong}. ${WANTED}`);
}

const WANTED =
  'It should hold {"username": …, "password": …}, as RDS makes it. Is it the secret that the stack names?';
