import { createHash } from 'node:crypto';
import { Command } from 'ioredis';
import type { RedisClient } from './client.ts';
import type { Trip } from './link.ts';

/** A Lua script: Redis runs it as one step, so nothing comes between what it looks at and what it changes. */
export interface Script {
  readonly name: string;
  readonly source: string;
  readonly sha: string;
}

/**
 * Runs a script by its digest, and sends the text only when the server does not know it yet (first use, restart, failover).
 * Texts in the reply are Buffers. All keys must share a slot.
 * `trip` is asked before a second try.
 */
export async function runScript(
  client: RedisClient,
  script: Script,
  keys: readonly string[],
  args: readonly (string | Buffer | number)[],
  trip: Trip,
): Promise<unknown> {
  try {
    return await send(client, 'evalsha', [script.sha, keys.length, ...keys, ...args]);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    // Asked for the text late, after a time-out: whoever wanted this has gone on, and a write now could undo what came after.
    if (!trip.isWanted) throw error;
    return send(client, 'eval', [script.source, keys.length, ...keys, ...args]);
  }
}

/** Not by `callBuffer`: ioredis 6 loses its first argument when the client pipelines by itself. */
function send(client: RedisClient, command: string, args: (string | Buffer | number)[]): Promise<unknown> {
  return Promise.resolve(client.sendCommand(new Command(command, args, { replyEncoding: null })));
}

function define(name: string, source: string): Script {
  return { name, source, sha: createHash('sha1').update(source).digest('hex') };
}

/** A lease is a token (a UUID) and then the stamps of its tags; only the part after the token is compared. */
const TOKEN_LENGTH = 36;

/**
 * Asks to be the one who loads. KEYS: value, lease. ARGV: our lease, its time in ms, the SHA-1 of the value that the caller has
 * seen and cannot use, a lease that may be overwritten. Replies {1, value, pttl} when there is another value, {2, lease} when somebody holds a
 * lease for the same stamps, {3} when the lease is now ours, {4, lease} when there is one for other stamps: whoever read the newer stamps is in the
 * right, and a lease is older than stamps that were read after it was seen.
 */
export const claimScript = define(
  'claim',
  `
-- A stranger's list or hash under the value's name is no value; it will be written over.
local value = false
if ARGV[3] == '' then
  value = redis.pcall('GET', KEYS[1])
  if type(value) == 'string' then return {1, value, redis.call('PTTL', KEYS[1])} end
end
local lease = redis.call('GET', KEYS[2])
if lease then
  if string.sub(lease, ${TOKEN_LENGTH + 1}) == string.sub(ARGV[1], ${TOKEN_LENGTH + 1}) then return {2, lease} end
  if lease ~= ARGV[4] then return {4, lease} end
end
-- Only who would load now is worth the digest, which takes its time for a large value.
if ARGV[3] ~= '' then
  value = redis.pcall('GET', KEYS[1])
  if type(value) == 'string' and redis.sha1hex(value) ~= ARGV[3] then
    return {1, value, redis.call('PTTL', KEYS[1])}
  end
end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return {3}
`,
);

/** Stores a value if the lease is still ours, and ends the lease. KEYS: value, lease. ARGV: our lease, bytes, TTL in ms. */
export const storeScript = define(
  'store',
  `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1
`,
);

/** Stores a value whoever is loading, and voids their lease. KEYS: value, lease. ARGV: bytes, TTL in ms. */
export const writeScript = define(
  'write',
  `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1
`,
);

/** Gives a lease back. KEYS: lease. ARGV: our lease. */
export const releaseScript = define(
  'release',
  `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`,
);

/** Prolongs a lease; 0 when it is no longer ours. KEYS: lease. ARGV: our lease, ms from now. */
export const renewScript = define(
  'renew',
  `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
`,
);

/**
 * A tag's stamp, made if there is none, and kept at least as long as what is stored with it. KEYS: stamp. ARGV: a new stamp, ms.
 *
 * It is kept twice as long, and prolonged only when half of that is over: Redis tells near caches of each change of an expiry, and they then drop
 * all that has the tag.
 */
export const stampScript = define(
  'stamp',
  `
local stamp = redis.call('GET', KEYS[1])
if not stamp then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', 2 * ARGV[2])
  return ARGV[1]
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], 2 * ARGV[2]) end
return stamp
`,
);
