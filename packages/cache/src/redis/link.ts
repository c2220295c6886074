import { CacheRedisError } from '../errors.ts';
import type { CircuitBreaker } from './breaker.ts';
import type { RedisClient } from './client.ts';
import { watchClient } from './client.ts';
import { withDeadline } from './deadline.ts';

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

  constructor(options: LinkOptions) {
    this.client = options.client;
    this.#options = options;
  }

  /**
   * Runs one command within its limit, the wait for a client that is still starting included. `send` runs at once,
   * in the caller's turn, when the client is ready; its second argument tells whether anybody still waits. Rejects with `CacheRedisError` and with nothing else.
   */
  async run<T>(
    command: string,
    send: (client: RedisClient, isWanted: () => boolean) => Promise<T>,
    { limitMs = this.#options.timeoutMs, isUrgent = false }: RunOptions = {},
  ): Promise<T> {
    const { client } = this;
    const { breaker, onRoundTrip } = this.#options;
    const watch = watchClient(client);
    const { state } = watch;
    if (state === 'away') {
      throw new CacheRedisError(
        'unavailable',
        command,
        `Redis is not connected, so ${command} was not sent.`,
      );
    }
    if (!isUrgent && breaker?.admits() === false) {
      throw new CacheRedisError(
        'unavailable',
        command,
        `Redis did not answer the last commands, so ${command} was not sent. It will be tried again shortly.`,
      );
    }
    let inTime = true;
    const isWanted = () => inTime;
    const startedAt = performance.now();
    try {
      const reply = state === 'ready' ? send(client, isWanted) : watch.whenReady().then(() => sendIfInTime());
      const result = await withDeadline(reply, limitMs, () => {
        inTime = false;
        throw new CacheRedisError(
          'timeout',
          command,
          `Redis did not answer ${command} within ${Math.ceil(limitMs)} ms.`,
        );
      });
      breaker?.answered();
      return result;
    } catch (error) {
      const redisError = asRedisError(command, error);
      if (redisError.fault === 'timeout') breaker?.timedOut();
      else breaker?.answered();
      throw redisError;
    } finally {
      onRoundTrip?.(performance.now() - startedAt);
    }

    // A connection that comes up after the time-out must not carry a write nobody stands behind any more.
    function sendIfInTime(this: void): Promise<T> {
      return inTime ? send(client, isWanted) : Promise.reject(new Error('The time-out had passed.'));
    }
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
