import type { Engine } from './article-store.ts';
import type { Credentials, Secret } from '../config/secret.ts';
import { ENGINE_NAMES } from '../errors.ts';

export interface LoginOptions {
  readonly engine: Engine;
  /** As they were when the demo started. */
  readonly credentials: Credentials;
  readonly secret: Secret;
  /** How often to ask, refused or not, in milliseconds. 0: only when refused. */
  readonly refreshMs: number;
  /** Told when a look in between failed. What runs goes on with the credentials it has. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly now?: (() => number) | undefined;
}

/** However many connections are refused, the secret is asked for no more often than this. */
const LEAST_MS = 5_000;

/** The engine refused credentials that their secret still holds. */
export class SecretUnchangedError extends Error {
  override name = 'SecretUnchangedError';
}

/** An engine's user and password while the demo runs: asked for again when the engine refuses them, and now and then. */
export class Login {
  readonly #options: LoginOptions;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #listeners: ((credentials: Credentials) => void)[] = [];
  #current: Credentials;
  #flight: Promise<void> | undefined;
  #askedAt = -Infinity;

  constructor(options: LoginOptions) {
    const { credentials, refreshMs, onError, now = () => performance.now() } = options;
    this.#options = options;
    this.#current = credentials;
    this.#now = now;
    if (refreshMs > 0) {
      this.#timer = setInterval(() => {
        this.#ask().catch((error: unknown) => onError?.(error));
      }, refreshMs).unref();
    }
  }

  get current(): Credentials {
    return this.#current;
  }

  /** Calls back with each new user or password. */
  onChange(listener: (credentials: Credentials) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Other credentials than those that the engine has just refused. Rejects with `SecretUnchangedError` when the secret holds no others,
   * and with `StackError` when it cannot be asked for.
   */
  async renew(refused: Credentials): Promise<Credentials> {
    if (isSame(refused, this.#current)) await this.#ask();
    if (!isSame(refused, this.#current)) return this.#current;
    const { engine, secret } = this.#options;
    throw new SecretUnchangedError(
      `${ENGINE_NAMES[engine]} refuses the user and password of the secret ${secret.name}, which has not changed. Is it the secret of this server, and is its rotation finished?`,
    );
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** All who ask at once share one answer; and for a while after, they do with what it was. */
  async #ask(): Promise<void> {
    if (this.#flight === undefined) {
      if (this.#now() - this.#askedAt < LEAST_MS) return;
      this.#askedAt = this.#now();
      this.#flight = this.#read().finally(() => {
        this.#flight = undefined;
      });
    }
    await this.#flight;
  }

  async #read(): Promise<void> {
    const fresh = await this.#options.secret.read();
    if (isSame(fresh, this.#current)) return;
    this.#current = fresh;
    for (const listener of this.#listeners) listener(fresh);
  }
}

function isSame(one: Credentials, other: Credentials): boolean {
  return one.user === other.user && one.password === other.password;
}
