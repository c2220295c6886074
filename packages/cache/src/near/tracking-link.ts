import type { Redis } from 'ioredis';
import type { RedisFault } from '../errors.ts';
import { CacheRedisError } from '../errors.ts';
import { cacheClientOptions } from '../redis/client.ts';

/** Where Redis speaks of changed keys to a connection of the older protocol. */
const CHANNEL = '__redis__:invalidate';

/** A server that refuses may be of a version, or have rules, that will not change by the next second. */
const BEATS_AFTER_REFUSAL = 10;

export interface TrackingLinkOptions {
  /** Makes a connection to the server: of protocol 2, and one that does not reconnect by itself. */
  readonly connect: () => Redis;
  /** Keys that begin with this are listened for. */
  readonly keyPrefix: string;
  readonly heartbeatMs: number;
  /** Told of names that changed, or `null` for all there are. */
  readonly onChanged: (names: readonly Buffer[] | null) => void;
  /** Told when `isOn` or `trustedUntil` is another. */
  readonly onTurn: () => void;
  /** Told why the link does not come on, once for each sort of fault until it does. */
  readonly onError: (error: CacheRedisError) => void;
}

/**
 * One connection on which one server tells of changed keys, made anew whenever it is lost.
 *
 * ioredis 6 speaks protocol 3 by default, and drops the `invalidate` messages of that protocol. In protocol 2 they come as
 * messages of a channel, to the connection that tracking is redirected to. That may be the tracking connection itself (seen in Redis 7.0, and
 * in Valkey's source), and then tracking cannot outlive the connection that hears of it. With BCAST the server tells of every key of the
 * prefix, whoever read it, so reads may go over any connection.
 *
 * Each connection is an ioredis client of its own: what one was subscribed to or had in its queues never reaches the next.
 */
export class TrackingLink {
  readonly #options: TrackingLinkOptions;
  #redis: Redis | undefined;
  #beat: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #attempt = 0;
  #isRefused = false;
  readonly #reported = new Set<RedisFault>();
  #isAnswered = false;
  #trustedUntil = -Infinity;
  #closing: Promise<void> | undefined;

  constructor(options: TrackingLinkOptions) {
    this.#options = options;
    this.#open();
  }

  get isOn(): boolean {
    return this.#trustedUntil > -Infinity;
  }

  /**
   * Up to when the server's last answer vouches for what was heard, by performance.now(); -Infinity while the link is off. Whoever serves
   * from memory asks this each time, so a process that was held up, or one that is too busy to read its sockets, trusts nothing that it
   * should have heard of meanwhile. No timer could promise that: it would be held up too.
   */
  get trustedUntil(): number {
    return this.#trustedUntil;
  }

  /** Ends the connection; resolves once its socket is closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #open(): void {
    const { heartbeatMs, onChanged } = this.#options;
    const redis = this.#options.connect();
    this.#redis = redis;
    this.#attempt++;
    let fault: Error | undefined;
    redis.on('error', (error) => {
      fault = error;
    });
    redis.on('connect', () => {
      // Waiting for messages is no reason for a process to live on.
      redis.stream.unref();
      this.#isAnswered = true;
      this.#beat = setInterval(() => this.#check(redis), heartbeatMs).unref();
    });
    redis.on('ready', () => {
      this.#isAnswered = true;
      this.#track(redis).catch((error: Error) => this.#lose(redis, error));
    });
    // The `message` event would have the list of names joined into one text.
    redis.on('messageBuffer', (_channel: Buffer, names: unknown) => {
      if (redis !== this.#redis) return;
      this.#isAnswered = true;
      onChanged(Array.isArray(names) ? names : null);
    });
    redis.on('end', () => this.#lose(redis, fault));
  }

  async #track(redis: Redis): Promise<void> {
    const id = await redis.call('CLIENT', 'ID');
    this.#isAnswered = true;
    const prefix = this.#options.keyPrefix;
    await redis.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', String(id), 'BCAST', 'PREFIX', prefix);
    this.#isAnswered = true;
    const askedAt = performance.now();
    await redis.subscribe(CHANNEL);
    if (redis !== this.#redis) return;
    this.#attempt = 0;
    this.#reported.clear();
    this.#vouch(askedAt);
  }

  /** What the server sent before it answered has arrived before the answer, so nothing is missing from before the question. */
  #vouch(askedAt: number): void {
    this.#isAnswered = true;
    this.#trustedUntil = askedAt + 2 * this.#options.heartbeatMs;
    this.#options.onTurn();
  }

  /** Every heartbeat. A connection on which nothing came since the last one is taken to be dead, though nobody has said so. */
  #check(redis: Redis): void {
    if (!this.#isAnswered) {
      // If this process was busy, the answer may lie in the socket: Node reads sockets after timers, and before immediates.
      setImmediate(() => {
        if (!this.#isAnswered)
          this.#lose(redis, new Error(`No answer within ${this.#options.heartbeatMs} ms.`));
      });
      return;
    }
    this.#isAnswered = false;
    if (!this.isOn) return;
    const askedAt = performance.now();
    redis.ping().then(
      () => {
        if (redis === this.#redis) this.#vouch(askedAt);
      },
      // The connection's end is what tells.
      () => {},
    );
  }

  #lose(redis: Redis, fault: Error | undefined): void {
    if (redis !== this.#redis) return;
    const wasOn = this.isOn;
    this.#letGo(redis);
    if (wasOn) this.#options.onTurn();
    if (this.#closing !== undefined) return;
    this.#isRefused = fault?.name === 'ReplyError';
    if (!wasOn) this.#report(fault);
    this.#retry = setTimeout(() => this.#open(), this.#pauseMs()).unref();
  }

  #pauseMs(): number {
    if (this.#isRefused) return this.#options.heartbeatMs * BEATS_AFTER_REFUSAL;
    return cacheClientOptions.retryStrategy(Math.max(1, this.#attempt));
  }

  #report(cause: Error | undefined): void {
    const fault = this.#isRefused ? 'reply' : 'unavailable';
    if (cause === undefined || this.#reported.has(fault)) return;
    this.#reported.add(fault);
    const what = this.#isRefused ? 'Redis refused to tell' : 'Redis could not be asked to tell';
    const message = `${what} of changed keys, so the near cache is off: ${cause.message}`;
    this.#options.onError(new CacheRedisError(fault, 'CLIENT TRACKING', message, { cause }));
  }

  #letGo(redis: Redis): void {
    this.#redis = undefined;
    this.#trustedUntil = -Infinity;
    clearInterval(this.#beat);
    if (redis.status === 'end') return;
    redis.disconnect();
    // A dead peer never answers a goodbye, and ioredis would wait for that.
    redis.stream?.destroy();
  }

  async #close(): Promise<void> {
    clearTimeout(this.#retry);
    const redis = this.#redis;
    if (redis === undefined) return;
    const ended = new Promise<void>((resolve) => {
      redis.once('end', () => resolve());
    });
    this.#letGo(redis);
    await ended;
  }
}
