import { Redis } from 'ioredis';

/** Where a server is, and as whom to come. */
export interface Address {
  url: string;
  /** For `rediss:`, the certificate to trust, as PEM. */
  ca: string | undefined;
}

const TIMEOUT_MS = 5_000;

/** One command on a connection that is closed afterwards; nothing is tried twice. Rejects with what Redis, or the socket, says. */
export async function ask(
  { url, ca }: Address,
  [command, ...args]: readonly [string, ...(string | number)[]],
): Promise<unknown> {
  let reason: unknown;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    disconnectTimeout: 100,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
    ...(ca !== undefined && { tls: { ca } }),
  });
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    await redis.connect();
    return await redis.call(command, ...args);
  } catch (error) {
    // ioredis says why a connection failed in an event only, and rejects with "Connection is closed."
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}
