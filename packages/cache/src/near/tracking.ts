import type { Redis } from 'ioredis';
import type { CacheRedisError } from '../errors.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Server, Servers } from './servers.ts';
import { serversOf } from './servers.ts';
import { TrackingLink } from './tracking-link.ts';

export interface TrackingOptions {
  readonly client: RedisClient;
  /** The client that reads go through, if that is another. */
  readonly reader?: Redis | undefined;
  readonly keyPrefix: string;
  readonly heartbeatMs: number;
  /** Told of names that changed. */
  readonly onChanged: (names: readonly Buffer[]) => void;
  /** Something may have changed unheard, or everything has: nothing known from before may be used. */
  readonly onGap: () => void;
  readonly onError: (error: CacheRedisError) => void;
}

/**
 * A link to every server that the clients know of: the one of a plain client, all nodes of a cluster. A replica tells of what it takes over
 * from its primary, so one that is promoted is listened to before it serves the first read.
 *
 * Tracking is on while each server that reads go to is listened to. A link to a replica that is not read from may be down meanwhile: should
 * that replica be promoted then, tracking is off until its link is up.
 */
export class Tracking {
  readonly #options: TrackingOptions;
  readonly #sources: readonly Servers[];
  readonly #changesSilently: boolean;
  readonly #links = new Map<string, TrackingLink>();
  readonly #closings = new Set<Promise<void>>();
  /** The servers that reads go to, as last seen. */
  #read: ReadonlySet<string> = new Set();
  #trustedUntil = -Infinity;

  constructor(options: TrackingOptions) {
    this.#options = options;
    const clients = options.reader === undefined ? [options.client] : [options.client, options.reader];
    this.#sources = clients.map((client) => serversOf(client, () => this.#survey()));
    this.#changesSilently = this.#sources.some(({ changesSilently }) => changesSilently);
    this.#survey();
  }

  get isOn(): boolean {
    return this.#trustedUntil > -Infinity;
  }

  /** See `TrackingLink`: the earliest of all links that count. */
  get trustedUntil(): number {
    return this.#trustedUntil;
  }

  /** To be called before a value is kept: the read that brought it may have gone to a server that did not count until now. */
  recheck(): void {
    if (this.#changesSilently && this.#isOther(this.#readFrom(this.#servers()))) this.#survey();
  }

  async close(): Promise<void> {
    for (const source of this.#sources) source.stop();
    for (const [id, link] of this.#links) this.#drop(id, link);
    this.#read = new Set();
    this.#judge();
    await Promise.all(this.#closings);
  }

  #servers(): Server[] {
    return this.#sources.flatMap((source, index) =>
      source.list().map((server) => ({ ...server, id: `${index} ${server.id}` })),
    );
  }

  #survey(): void {
    const servers = this.#servers();
    const ids = new Set(servers.map(({ id }) => id));
    for (const [id, link] of this.#links) if (!ids.has(id)) this.#drop(id, link);
    for (const { id, connect } of servers)
      if (!this.#links.has(id)) this.#links.set(id, this.#listen(connect));
    const read = this.#readFrom(servers);
    const isOther = this.#isOther(read);
    this.#read = new Set(read);
    this.#judge();
    if (isOther && this.isOn) this.#options.onGap();
  }

  /** None until each client is connected: a read that waits for its client must not be kept before its server is listened to. */
  #readFrom(servers: readonly Server[]): string[] {
    if (this.#sources.some(({ list }) => list().length === 0)) return [];
    return servers.flatMap(({ id, isRead }) => (isRead ? [id] : []));
  }

  #isOther(read: readonly string[]): boolean {
    return read.length !== this.#read.size || read.some((id) => !this.#read.has(id));
  }

  #listen(connect: () => Redis): TrackingLink {
    const { keyPrefix, heartbeatMs, onChanged, onGap, onError } = this.#options;
    return new TrackingLink({
      connect,
      keyPrefix,
      heartbeatMs,
      onChanged: (names) => (names === null ? onGap() : onChanged(names)),
      onTurn: () => this.#judge(),
      onError,
    });
  }

  #drop(id: string, link: TrackingLink): void {
    this.#links.delete(id);
    const closing = link.close().finally(() => this.#closings.delete(closing));
    this.#closings.add(closing);
  }

  #judge(): void {
    const wasOn = this.isOn;
    let trustedUntil = this.#read.size === 0 ? -Infinity : Infinity;
    for (const id of this.#read) {
      trustedUntil = Math.min(trustedUntil, this.#links.get(id)?.trustedUntil ?? -Infinity);
    }
    this.#trustedUntil = trustedUntil;
    if (this.isOn !== wasOn) this.#options.onGap();
  }
}
