import { errorOf, fail, type Observation } from '@workshop/lab-kit';
import type { Read } from '../../shared/reads.ts';
import type { Context } from './lab-check.ts';

/** A key in Redis. */
export interface Entry {
  /** As bytes: a key need not be text. */
  key: Buffer;
  /** As a message shows it. */
  name: string;
  /** How long it lives on, ms; -1: for good. */
  leftMs: number;
}

/** Every key, all looked at in one go. */
export async function entries(redis: Context['redis']): Promise<Entry[]> {
  const keys = await redis.keysBuffer('*');
  const look = redis.pipeline();
  for (const key of keys) look.pttl(key);
  const replies = (await look.exec()) ?? [];
  const found = keys.map((key, at) => ({ key, name: key.toString(), leftMs: Number(replies[at]?.[1]) }));
  return found.filter(({ leftMs }) => leftMs !== -2);
}

/** What a read leaves in an empty Redis: at least one key. */
export async function entriesOf(
  { redis, coldCache, observe }: Context,
  { call, read }: Pick<Read, 'call' | 'read'>,
): Promise<{ found: Entry[]; seen: Observation }> {
  await coldCache();
  const seen = await observe(read);
  const found = await entries(redis);
  if (found.length > 0) return { found, seen };
  const refused = refusal(seen);
  const stored = seen.redis.some(({ name = '' }) => !looking.has(name) && !ofTheClient.has(name));
  const leadsTo = 'The database carries every read, as if there were no cache.';
  if (refused) {
    fail(`after ${call} there is no key in Redis: ${refused}`, { mistake: 'refused-by-redis', leadsTo });
  }
  if (stored) {
    fail(`after ${call} its key is gone already: it lived for a moment`, {
      mistake: 'life-too-short',
      leadsTo,
    });
  }
  return fail(`after ${call} there is no key in Redis, and nothing was sent that makes one`, {
    mistake: 'nothing-stored',
    leadsTo,
  });
}

/** The same, each with an expiry. */
export async function expiringEntriesOf(context: Context, read: Read): Promise<Entry[]> {
  const { found, seen } = await entriesOf(context, read);
  const bare = found.find(({ leftMs }) => leftMs === -1);
  if (!bare) return found;
  const refused = refusal(seen);
  return fail(`${read.call}: the key ${bare.name} has no expiry${refused ? `; ${refused}` : ''}`, noExpiry);
}

export const noExpiry = {
  mistake: 'no-expiry',
  leadsTo:
    'What nobody reads again stays in memory for good, and what changed in MySQL is served old for good.',
};

const looking = new Set(['GET', 'MGET', 'HGETALL', 'HMGET', 'HGET', 'EXISTS', 'TTL', 'PTTL', 'TYPE']);
const ofTheClient = new Set(['HELLO', 'AUTH', 'SELECT', 'CLIENT', 'INFO', 'PING', 'COMMAND']);

/** "Redis refused PEXPIRE: ERR value is not an integer": code that swallows errors never shows it. */
function refusal(seen: Observation): string | undefined {
  for (const event of seen.redis) {
    const error = errorOf(event);
    // A script that Redis does not know yet is sent to it again: no mistake.
    if (error && !error.startsWith('NOSCRIPT') && !ofTheClient.has(event.name ?? '')) {
      return `Redis refused ${event.name}: ${error}`;
    }
  }
  return undefined;
}
