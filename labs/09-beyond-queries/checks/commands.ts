import type { RedisEvent } from '@workshop/lab-kit';

/** What clients send for themselves, whatever the learner's code does. */
const housekeeping = new Set('HELLO CLIENT AUTH SELECT INFO PING COMMAND SCRIPT READONLY QUIT'.split(' '));

export function isOwnCommand(event: RedisEvent): boolean {
  return event.kind === 'command' && !housekeeping.has(event.name ?? '');
}

const expiring = new Set(['EXPIRE', 'PEXPIRE', 'EXPIREAT', 'PEXPIREAT']);

/** An expiry that is set by itself, outside a transaction. */
export function isLoneExpiry(event: RedisEvent): boolean {
  return expiring.has(event.name ?? '') && event.transaction === undefined;
}
