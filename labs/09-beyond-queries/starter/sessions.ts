import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const lifeMs = 30 * 60_000;

/** A session is a hash: the field `user`, and one for each remembered value. */
const sessionKey = (id: string) => `session:${id}`;

type Sessions = Pick<SiteStore, 'signIn' | 'session' | 'remember' | 'signOut' | 'signOutEverywhere'>;

export function createSessions(redis: Redis): Sessions {
  return {
    async signIn(user) {
      const id = randomUUID();
      await redis.multi().hset(sessionKey(id), 'user', user).pexpire(sessionKey(id), lifeMs).exec();
      return id;
    },

    async session(id) {
      // GAP 1: half an hour from the last use, and not from the first.
      const { user, ...fields } = await redis.hgetall(sessionKey(id));
      if (user === undefined) return undefined;
      // The colon keeps a value that is remembered as "user" from becoming the user.
      const values = Object.entries(fields).map(([name, value]) => [name.slice(1), value]);
      return { user, remembered: Object.fromEntries(values) as Record<string, string> };
    },

    async remember(id, name, value) {
      // GAP 1: what if the session ends between these two?
      if ((await redis.exists(sessionKey(id))) === 0) return false;
      await redis.hset(sessionKey(id), `:${name}`, value);
      return true;
    },

    async signOut(id) {
      await redis.del(sessionKey(id));
    },

    async signOutEverywhere(user) {
      // GAP 1: which sessions are theirs? No look at all keys: there may be millions.
      void user;
    },
  };
}
