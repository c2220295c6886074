import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Longer than a query takes. The lock of an owner that has died is free after this, ms. */
export const lockMs = 5_000;

/** Only the owner may let go: after `lockMs` the lock could be another's. Look and delete are one step for Redis. */
const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

export interface Lock {
  /** Never rejects: a lock that can't be let go expires. */
  release(): Promise<void>;
}

/** @returns undefined when another has it. Rejects when Redis can't say. */
export async function tryLock(redis: Redis, name: string): Promise<Lock | undefined> {
  const key = `${name}:lock`;
  const owner = randomUUID();
  if ((await redis.set(key, owner, 'PX', lockMs, 'NX')) !== 'OK') return undefined;
  return {
    async release() {
      await redis.eval(releaseScript, 1, key, owner).catch(() => {});
    },
  };
}
