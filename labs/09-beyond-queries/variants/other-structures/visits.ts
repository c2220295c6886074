import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Session } from '../../../contract-site.ts';

const lifeMs = 30 * 60_000;

/**
 * No list of a user's sessions: each session carries the stamp that its user had when it began. Another stamp, or none,
 * and all of them are over.
 */
const begin = `
local stamp = redis.call('get', KEYS[2]) or ARGV[2]
redis.call('set', KEYS[2], stamp, 'px', ARGV[3])
redis.call('set', KEYS[1], cjson.encode({user = ARGV[1], stamp = stamp, remembered = {}}), 'px', ARGV[3])`;

const find = `
local text = redis.call('get', KEYS[1])
if not text then return nil end
local session = cjson.decode(text)
local user = ARGV[1] .. session.user
if redis.call('get', user) ~= session.stamp then return nil end
if ARGV[3] then session.remembered[ARGV[3]] = ARGV[4] end
text = cjson.encode(session)
redis.call('set', KEYS[1], text, 'px', ARGV[2])
redis.call('pexpire', user, ARGV[2])
return text`;

export class Visits {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async begin(user: string): Promise<string> {
    const id = randomBytes(20).toString('hex');
    const stamp = randomBytes(12).toString('hex');
    await this.#redis.eval(begin, 2, `visit/${id}`, `stamp/${user}`, user, stamp, lifeMs);
    return id;
  }

  /** Keeps it for another half an hour, and puts a value into it, if there is a name for one. */
  async find(id: string, ...value: string[]): Promise<Session | undefined> {
    const text = (await this.#redis.eval(find, 1, `visit/${id}`, 'site/stamp/', lifeMs, ...value)) as
      | string
      | null;
    if (text === null) return undefined;
    const { user, remembered } = JSON.parse(text) as Session;
    return { user, remembered };
  }

  async end(id: string): Promise<void> {
    await this.#redis.getdel(`visit/${id}`);
  }

  async endAll(user: string): Promise<void> {
    await this.#redis.unlink(`stamp/${user}`);
  }
}
