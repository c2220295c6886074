import type { RedisClient } from './client.ts';
import { CacheRedisError } from '../errors.ts';
import { RedisLink, unwrap } from './link.ts';

export interface ClearResult {
  /** How many keys Redis has confirmed to be gone. */
  readonly removed: number;
  /** The fault that ended it early; undefined when every server was gone through to its end. */
  readonly error: CacheRedisError | undefined;
}

/** The work of one SCAN: high enough to keep the round trips few, low enough that no other client waits long. */
const SCAN_COUNT = 1_000;

/**
 * Removes all keys that begin with `prefix:`, walking each primary with SCAN. The cost grows with all the keys of the
 * server, so it is for an operator's hand, not for a request's path. Time-outs count for each command.
 */
export async function clearPrefix(
  client: RedisClient,
  prefix: string,
  timeoutMs: number,
): Promise<ClearResult> {
  let removed = 0;
  try {
    for (const server of primaries(client)) {
      const link = new RedisLink({ client: server, timeoutMs });
      let cursor = '0';
      do {
        const [next, keys] = await link.run('SCAN', () =>
          server.scan(cursor, 'MATCH', `${escapeGlob(prefix)}:*`, 'COUNT', SCAN_COUNT),
        );
        removed += keys.length === 0 ? 0 : await unlinkAll(link, server, keys);
        cursor = next;
      } while (cursor !== '0');
    }
    return { removed, error: undefined };
  } catch (error) {
    if (error instanceof CacheRedisError) return { removed, error };
    throw error;
  }
}

function primaries(client: RedisClient): RedisClient[] {
  return 'nodes' in client ? client.nodes('master') : [client];
}

/** One UNLINK a key: on a cluster, a command may not name keys of several slots. */
async function unlinkAll(link: RedisLink, server: RedisClient, keys: string[]): Promise<number> {
  const replies = await link.run('UNLINK', async () =>
    unwrap(await server.pipeline(keys.map((key) => ['unlink', key])).exec()),
  );
  return replies.reduce<number>((sum, reply) => sum + Number(reply), 0);
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\]/g, String.raw`\$&`);
}
