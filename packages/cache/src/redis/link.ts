import type { RedisClient } from './client.ts';
import { watchClient } from './client.ts';
import { withDeadline } from './deadline.ts';
import { CacheRedisError } from '../errors.ts';

/** A stored value's bytes and the time it has left; `ttlMs` is undefined for a key that never expires. */
export interface Stored {
  readonly bytes: Buffer;
  readonly ttlMs: number | undefined;
}

/**
 * The commands a cache needs, each with a limit on how long it may be waited for. All of them reject with
 * `CacheRedisError` and with nothing else.
 */
export class RedisLink {
  readonly #client: RedisClient;
  readonly #timeoutMs: number;

  constructor(client: RedisClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  /** GET alone: `ttlMs` of what it finds is undefined. */
  async get(key: string): Promise<Stored | null> {
    const bytes = await this.run('GET', (client) => client.getBuffer(key));
    return bytes === null ? null : { bytes, ttlMs: undefined };
  }

  /** GET and PTTL in one round trip. */
  getWithTtl(key: string): Promise<Stored | null> {
    return this.run('GET', async (client) => {
      const [value, ttl] = unwrap(await client.pipeline().getBuffer(key).pttl(key).exec());
      if (!Buffer.isBuffer(value)) return null;
      // -1 says "no expiry", -2 that the key expired between the two commands.
      return { bytes: value, ttlMs: ttl === -1 ? undefined : Math.max(0, Number(ttl)) };
    });
  }

  /**
   * Value and expiry in one command, so that no key can be left without one. `isWanted` is asked in the
   * very turn in which the command is written to the connection; on false nothing is sent and the answer is false.
   */
  async set(key: string, bytes: Buffer, ttlMs: number, isWanted: () => boolean): Promise<boolean> {
    const reply = await this.run('SET', (client) =>
      isWanted() ? client.set(key, bytes, 'PX', ttlMs) : Promise.resolve(null),
    );
    return reply !== null;
  }

  /** Whether the key was there. Its memory is freed outside the server's main thread. */
  async unlink(key: string): Promise<boolean> {
    return (await this.run('UNLINK', (client) => client.unlink(key))) > 0;
  }

  /**
   * Runs one command within the time-out, the wait for a client that is still starting included. `send` runs at once,
   * in the caller's turn, when the client is ready.
   */
  async run<T>(command: string, send: (client: RedisClient) => Promise<T>): Promise<T> {
    const limitMs = this.#timeoutMs;
    const watch = watchClient(this.#client);
    const client = this.#client;
    const { state } = watch;
    if (state === 'away') {
      throw new CacheRedisError(
        'unavailable',
        command,
        `Redis is not connected, so ${command} was not sent.`,
      );
    }
    let inTime = true;
    try {
      const reply = state === 'ready' ? send(client) : watch.whenReady().then(() => sendIfInTime());
      return await withDeadline(reply, limitMs, () => {
        inTime = false;
        throw new CacheRedisError(
          'timeout',
          command,
          `Redis did not answer ${command} within ${limitMs} ms.`,
        );
      });
    } catch (error) {
      throw asRedisError(command, error);
    }

    // A connection that comes up after the time-out must not carry a write nobody stands behind any more.
    function sendIfInTime(this: void): Promise<T> {
      return inTime ? send(client) : Promise.reject(new Error('The time-out had passed.'));
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
