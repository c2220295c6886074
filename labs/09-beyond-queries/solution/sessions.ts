import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const lifeMs = 30 * 60_000;

/**
 * A session is a hash: the field `user`, and one for each remembered value. A set for each user holds the ids of their
 * sessions, and lives as long as the last of them. What has to look before it acts is a script: Redis runs one at a time.
 */
const sessionKey = (id: string) => `session:${id}`;
const userPrefix = 'sessions-of:';

/** Looks, and keeps session and set for another 30 minutes. Every use goes through it. */
const use = `
local user = redis.call('HGET', KEYS[1], 'user')
if not user then return false end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', ARGV[1] .. user, ARGV[2])
`;

const lookScript = `${use} return redis.call('HGETALL', KEYS[1])`;

// The write is behind the look: a session that has ended meanwhile must not come back as a hash without a user.
const rememberScript = `${use} redis.call('HSET', KEYS[1], ARGV[3], ARGV[4]) return 1`;

// Ids whose session is over go from the set, or it would grow with each sign-in of a user who is never away.
const signInScript = `
for _, id in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if redis.call('EXISTS', ARGV[4] .. id) == 0 then redis.call('SREM', KEYS[2], id) end
end
redis.call('HSET', KEYS[1], 'user', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])`;

const signOutScript = `
local user = redis.call('HGET', KEYS[1], 'user')
if not user then return end
redis.call('DEL', KEYS[1])
redis.call('SREM', ARGV[1] .. user, ARGV[2])`;

const signOutEverywhereScript = `
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('DEL', ARGV[1] .. id) end
redis.call('DEL', KEYS[1])`;

type Sessions = Pick<SiteStore, 'signIn' | 'session' | 'remember' | 'signOut' | 'signOutEverywhere'>;

export function createSessions(redis: Redis): Sessions {
  return {
    async signIn(user) {
      const id = randomUUID();
      const keys = [sessionKey(id), userPrefix + user];
      await redis.eval(signInScript, 2, ...keys, id, user, lifeMs, sessionKey(''));
      return id;
    },

    async session(id) {
      const reply = (await redis.eval(lookScript, 1, sessionKey(id), userPrefix, lifeMs)) as string[] | null;
      if (!reply) return undefined;
      const fields = Array.from(
        { length: reply.length / 2 },
        (_, n) => [reply[2 * n]!, reply[2 * n + 1]!] as const,
      );
      const user = fields.find(([name]) => name === 'user')?.[1] ?? '';
      // The colon keeps a value that is remembered as "user" from becoming the user.
      const values = fields.filter(([name]) => name.startsWith(':'));
      return { user, remembered: Object.fromEntries(values.map(([name, value]) => [name.slice(1), value])) };
    },

    async remember(id, name, value) {
      const values = [userPrefix, lifeMs, `:${name}`, value];
      return (await redis.eval(rememberScript, 1, sessionKey(id), ...values)) === 1;
    },

    async signOut(id) {
      await redis.eval(signOutScript, 1, sessionKey(id), userPrefix, id);
    },

    async signOutEverywhere(user) {
      await redis.eval(signOutEverywhereScript, 1, userPrefix + user, sessionKey(''));
    },
  };
}
