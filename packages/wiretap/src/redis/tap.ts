import { WiretapOptionError } from '../errors.ts';
import type { RedisEvent } from '../events.ts';
import { openTap } from '../proxy.ts';
import type { RedisTap, RedisTapOptions } from '../tap.ts';
import { encodeError } from './encode.ts';
import { createIsolation } from './isolation.ts';
import { createRedisSession } from './session.ts';

/**
 * Opens a wiretap before a Redis or Valkey server. Without `database` and `password` it changes nothing that passes;
 * with them its clients share the server with others and do not notice.
 */
export async function createRedisTap(options: RedisTapOptions): Promise<RedisTap> {
  checkOptions(options);
  const isolation = createIsolation(options);
  return openTap<RedisEvent, string>(options, {
    store: 'redis',
    connectEvent: (base) => ({ store: 'redis', kind: 'connect', ...base }),
    checkFailure,
    turnAway(event, failure) {
      event.reply = { error: failure.replace(/^-/, '') };
      return encodeError(failure);
    },
    createSession: (opened) => createRedisSession(opened, isolation),
  });
}

function checkOptions({ database, username, password }: RedisTapOptions): void {
  if (database !== undefined && !(Number.isSafeInteger(database) && database >= 0)) {
    throw new WiretapOptionError('database', database, 'a whole number, 0 or more');
  }
  if (username !== undefined && password === undefined) {
    throw new WiretapOptionError('username', username, 'given together with a password');
  }
}

function checkFailure(failure: unknown): void {
  if (typeof failure !== 'string' || !/^-?[A-Z]+( [^\r\n]*)?$/.test(failure)) {
    throw new WiretapOptionError('error', failure, "one line such as 'OOM command not allowed'");
  }
}
