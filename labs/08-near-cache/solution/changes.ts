import { Redis } from 'ioredis';

/** Where Redis tells a connection of protocol 2 which keys have changed. */
const channel = '__redis__:invalidate';

export interface Listener {
  changed(keys: readonly string[]): void;
  /** `on`: from now on every change is told. Not `on`: changes may go unheard. */
  turned(on: boolean): void;
}

/**
 * Listens, on a connection of its own, for changes of the keys that begin with `prefix`, whoever makes them (client-side
 * tracking in its BCAST mode).
 * @returns what ends it
 */
export function listenForChanges(redisUrl: string, prefix: string, listener: Listener): () => void {
  const redis = new Redis(redisUrl, {
    // ioredis drops the messages of protocol 3; in protocol 2 they come as those of a channel.
    protocol: 2,
    // Tracking has to be on before the subscription, and ends with the connection: both are made anew each time.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  redis.on('error', () => {});
  redis.on('ready', () => {
    // A connection that can't listen is of no use: the next one may.
    listen().catch(() => redis.disconnect(true));
  });
  redis.on('close', () => listener.turned(false));
  // As buffers: the `message` event would join the keys into one text. Null: every key is gone (FLUSHDB).
  redis.on('messageBuffer', (_channel: Buffer, keys: unknown) => {
    if (Array.isArray(keys)) listener.changed(keys.map(String));
    else listener.turned(true);
  });

  async function listen(): Promise<void> {
    const id = String(await redis.call('CLIENT', 'ID'));
    await redis.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', prefix);
    await redis.subscribe(channel);
    listener.turned(true);
  }

  return () => redis.disconnect();
}
