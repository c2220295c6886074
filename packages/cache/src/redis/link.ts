import { CacheRedisError } from '../errors.ts';
import type { CircuitBreaker } from './breaker.ts';
import type { RedisClient } from './client.ts';
import type { ClientWatch } from './client.ts';
import { watchClient } from './client.ts';
import type { Deadline } from './deadlines.ts';
import { Deadlines } from './deadlines.ts';

export interface LinkOptions {
  readonly client: RedisClient;
  /** The limit of a command that is given none of its own, in milliseconds. */
  readonly timeoutMs: number;
  readonly breaker?: CircuitBreaker | undefined;
  /** Told how long each round trip took, in milliseconds. */
  readonly onRoundTrip?: ((ms: number) => void) | undefined;
}

export interface RunOptions {
  readonly limitMs?: number;
  /** For a deletion: it is sent though the breaker is open, because not sending it would leave an old value in place. */
  readonly isUrgent?: boolean;
}

/** A client whose every command has a limit on how long it may be waited for. */
export class RedisLink {
  readonly client: RedisClient;
  readonly #options: LinkOptions;
  readonly #watch: ClientWatch;
  readonly #deadlines: Deadlines;

  constructor(options: LinkOptions) {
    this.client = options.client;
    this.#watch = watchClient(options.client);
    this.#deadlines = new Deadlines(options.timeoutMs);
    this.#options = options;
  }

  /** The limit of a command that is given none of its own, in milliseconds. */
  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  /**
   * Runs one command within its limit, the wait for a client that is still starting included. `send` runs at once,
   * in the caller's turn, when the client is ready; its second argument tells whether anybody still waits for it. Rejects with
   * `CacheRedisError` and with nothing else. It makes one promise, being on the path of every read.
   */
  run<T>(
    command: string,
    send: (client: RedisClient, trip: Trip) => Promise<T>,
    { limitMs = this.#options.timeoutMs, isUrgent = false }: RunOptions = NO_OPTIONS,
  ): Promise<T> {
    const { state } = this.#watch;
    if (state === 'away') {
      return Promise.reject(
        new CacheRedisError('unavailable', command, `Redis is not connected, so ${command} was not sent.`),
      );
    }
    if (!isUrgent && this.#options.breaker?.admits() === false) {
      return Promise.reject(
        new CacheRedisError(
          'unavailable',
          command,
          `Redis did not answer the last commands, so ${command} was not sent. It will be tried again shortly.`,
        ),
      );
    }
    const options = this.#options;
    return new Promise<T>((resolve, reject) => {
      const trip = new RoundTrip<T>(command, limitMs, options, resolve, reject);
      if (limitMs === options.timeoutMs) this.#deadlines.add(trip);
      else trip.setTimer();
      const { client } = this;
      trip.follow(
        state === 'ready'
          ? trip.send(send, client)
          : this.#watch.whenReady().then(() => trip.send(send, client)),
      );
    });
  }
}

const NO_OPTIONS: RunOptions = {};

/** What a command may know of its own way: once it has ended, nobody stands behind what is sent. */
export interface Trip {
  readonly isWanted: boolean;
}

/**
 * One command on its way: it ends with its reply, its error or its time-out, whichever comes first.
 *
 * Methods rather than functions held in constants: tsx gives each of these its name as it is made, at the price of everything else here.
 */
class RoundTrip<T> implements Trip, Deadline {
  isWanted = true;
  readonly dueAt: number;
  readonly #startedAt = performance.now();
  readonly #command: string;
  readonly #limitMs: number;
  readonly #options: LinkOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Cleared at the end: a trip is kept until it would have been due, and must not keep its reply as long. */
  #resolve: ((reply: T) => void) | undefined;
  #reject: ((error: CacheRedisError) => void) | undefined;

  constructor(
    command: string,
    limitMs: number,
    options: LinkOptions,
    resolve: (reply: T) => void,
    reject: (error: CacheRedisError) => void,
  ) {
    this.#command = command;
    this.#limitMs = limitMs;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.dueAt = this.#startedAt + limitMs;
  }

  /** For a limit of its own. */
  setTimer(): void {
    this.#timer = setTimeout(() => this.expire(), this.#limitMs);
  }

  /** As in withDeadline: a reply that lies in the socket while this process was busy is not a slow Redis. */
  expire(): void {
    setImmediate(() => this.#expire());
  }

  /** A connection that comes up after the time-out must not carry a write that nobody stands behind any more. */
  send(send: (client: RedisClient, trip: Trip) => Promise<T>, client: RedisClient): Promise<T> {
    if (!this.isWanted) return Promise.reject(new Error('The time-out had passed.'));
    try {
      return send(client, this);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  follow(reply: Promise<T>): void {
    reply.then(
      (value) => this.#answer(value),
      (error: unknown) => this.#fail(error),
    );
  }

  #answer(reply: T): void {
    const resolve = this.#resolve;
    if (!this.#end()) return;
    this.#options.breaker?.answered();
    resolve?.(reply);
  }

  #fail(error: unknown): void {
    const reject = this.#reject;
    if (!this.#end()) return;
    const redisError = asRedisError(this.#command, error);
    if (redisError.fault === 'timeout') this.#options.breaker?.timedOut();
    else this.#options.breaker?.answered();
    reject?.(redisError);
  }

  #expire(): void {
    const reject = this.#reject;
    if (!this.#end()) return;
    this.#options.breaker?.timedOut();
    const text = `Redis did not answer ${this.#command} within ${Math.ceil(this.#limitMs)} ms.`;
    reject?.(new CacheRedisError('timeout', this.#command, text));
  }

  /** False when it has ended before. */
  #end(): boolean {
    if (!this.isWanted) return false;
    this.isWanted = false;
    this.#resolve = undefined;
    this.#reject = undefined;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#options.onRoundTrip?.(performance.now() - this.#startedAt);
    return true;
  }
}

/** A pipeline's replies, or the first of its errors. */
export function unwrap(results: [error: Error | null, result: unknown][] | null): unknown[] {
  if (results === null) throw new Error('The pipeline was not run.');
  return results.map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  });
}

function asRedisError(command: string, error: unknown): CacheRedisError {
  if (error instanceof CacheRedisError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'ReplyError') {
    return new CacheRedisError('reply', command, `Redis refused ${command}: ${message}`, { cause: error });
  }
  // A client with a `commandTimeout` of its own gives up with this text and no type.
  const fault = message === 'Command timed out' ? 'timeout' : 'unavailable';
  return new CacheRedisError(fault, command, `Redis could not be asked for ${command}: ${message}`, {
    cause: error,
  });
}
