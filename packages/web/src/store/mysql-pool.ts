import type { Pool, PoolConnection, PoolOptions } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';
import type { Credentials, Secret } from '../config/secret.ts';
import type { Trust } from '../config/trust.ts';
import { credentialsOf } from '../config/urls.ts';
import { Login } from './login.ts';

export interface MysqlPoolOptions {
  readonly url: string;
  /** @default not encrypted */
  readonly tls?: Trust | undefined;
  /** Where the URL's user and password come from. @default they stay as they are */
  readonly secret?: Secret | undefined;
  /** @default 0: the secret is asked for only when MySQL refuses what it held */
  readonly secretRefreshMs?: number | undefined;
  readonly onSecretError?: ((error: unknown) => void) | undefined;
  readonly connections: number;
  /** How many may wait for a connection. Beyond that, a visitor is better told at once. */
  readonly queueLimit: number;
  readonly connectTimeoutMs: number;
}

/** MySQL connections whose user and password may change while they are in use, as when their secret is rotated. */
export class MysqlPool {
  readonly #pool: Pool;
  readonly #login: Login | undefined;

  constructor(options: MysqlPoolOptions) {
    const { url, tls, secret } = options;
    this.#pool = createPool({
      uri: url,
      ...(tls && { ssl: sslOf(tls) }),
      connectionLimit: options.connections,
      queueLimit: options.queueLimit,
      connectTimeout: options.connectTimeoutMs,
    });
    if (secret === undefined) return;
    const template = connectionTemplate(this.#pool);
    this.#login = new Login({
      engine: 'mysql',
      credentials: credentialsOf(url),
      secret,
      refreshMs: options.secretRefreshMs ?? 0,
      onError: options.onSecretError,
    });
    // MySQL asks for a password only as a connection begins: those that are open stay, and the next ones use the new.
    this.#login.onChange(({ user, password }) => Object.assign(template, { user, password }));
  }

  /** Rejects as mysql2 does; or, where credentials from a secret are refused, as `Login.renew` does. */
  async getConnection(): Promise<PoolConnection> {
    const used = this.#login?.current;
    try {
      return await this.#pool.getConnection();
    } catch (error) {
      if (this.#login === undefined || used === undefined || !isRefusal(error)) throw error;
      await this.#login.renew(used);
      return await this.#pool.getConnection();
    }
  }

  async end(): Promise<void> {
    this.#login?.close();
    await this.#pool.end();
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ER_ACCESS_DENIED_ERROR';
}

/** mysql2 checks that the certificate is this server's only when told to. */
function sslOf({ ca }: Trust): NonNullable<Exclude<PoolOptions['ssl'], string>> {
  return {
    minVersion: 'TLSv1.2',
    verifyIdentity: true,
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
  };
}

/**
 * What mysql2 copies for each connection that it makes. Its types do not show it, and a pool of its own for each password would have to be
 * drained while others wait in its line.
 */
function connectionTemplate(pool: Pool): Credentials {
  const config: object = pool.pool.config;
  const template = 'connectionConfig' in config ? config.connectionConfig : undefined;
  if (isCredentials(template)) return template;
  throw new Error('This mysql2 keeps the user and password of its pools elsewhere than the demo knows.');
}

function isCredentials(value: unknown): value is Credentials {
  return typeof value === 'object' && value !== null && 'user' in value && 'password' in value;
}
